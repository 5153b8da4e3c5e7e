import { mkdtemp, mkdir, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { normalise } from "./normalise.ts";

/** A `docker` command and the engine it talks to. */
export interface Backend {
  readonly name: string;
  /** The program that stands for `docker`. */
  readonly docker: string;
  readonly socket: string;
}

/** What a script showed, made comparable. */
export interface Outcome {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number | undefined;
}

/** Runs a case's script with `docker` being the backend's, in a work folder of its own, and tells what it showed. */
export async function runScript(script: string, backend: Backend): Promise<Outcome> {
  const folder = await mkdtemp(join(tmpdir(), "compat-"));
  try {
    await mkdir(join(folder, "bin"));
    await mkdir(join(folder, "work"));
    await symlink(backend.docker, join(folder, "bin/docker"));
    await writeFile(join(folder, "script"), script);
    const { stdout, stderr, exitCode } = await execa("sh", [join(folder, "script")], {
      cwd: join(folder, "work"),
      env: {
        PATH: `${join(folder, "bin")}:${process.env["PATH"]}`,
        HOME: folder,
        LANG: "C.UTF-8",
        TERM: "xterm",
        DOCKER_HOST: `unix://${backend.socket}`,
        // The newer client builds with BuildKit where it can; the daemon's own builder is what both have.
        DOCKER_BUILDKIT: "0",
        DOCKER_CLI_HINTS: "false",
      },
      extendEnv: false,
      reject: false,
      stdin: "ignore",
      timeout: 30_000,
      stripFinalNewline: false,
    });
    const comparable = (text: string): string => normalise(text.replaceAll(folder, "<folder>"));
    return { stdout: comparable(stdout), stderr: comparable(stderr), exitCode };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Takes away what a case left, but for the busybox image. */
export async function tidy(backend: Backend): Promise<void> {
  await execa(
    "sh",
    [
      "-c",
      `docker ps -aq | xargs -r docker rm -fv
       docker images --format '{{.Repository}}:{{.Tag}}' | grep -v -e '^busybox:latest$' -e '<none>' | xargs -r docker rmi -f
       docker images -q --filter dangling=true | xargs -r docker rmi -f
       docker network prune -f; docker volume ls -q | xargs -r docker volume rm -f`,
    ],
    { env: { DOCKER_HOST: `unix://${backend.socket}` }, reject: false },
  );
}
