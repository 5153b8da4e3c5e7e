import { chown, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { UnixClient } from "../../src/docker/client/unix-client.ts";
import { enterEngine } from "../../src/runtime/launch/enter-engine.ts";
import type { EngineHandle } from "../../src/runtime/launch/start-engine.ts";
import { normalise } from "./normalise.ts";

/** A `docker` command and the engine it talks to. */
export interface Backend {
  readonly name: string;
  /** The program that stands for `docker`. */
  readonly docker: string;
  readonly socket: string;
  /** Ours: the script runs in the engine's namespaces, as a scenario's steps do, so that both see the same files and ports. */
  readonly engine?: EngineHandle;
  /** The real one's: what enters the network that it publishes ports in. */
  readonly enter?: readonly string[];
}

/** What a script showed, made comparable. */
export interface Outcome {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number | undefined;
}

/** So that a difference in a long script shows which of its commands makes it. */
const traced = `t() { echo "# $*"; echo "# $*" >&2; docker "$@"; echo "= $?"; }\n`;

/** Runs a case's script with `docker` being the backend's, in a work folder of its own, and tells what it showed. */
export async function runScript(script: string, { docker, socket, engine, enter = [] }: Backend): Promise<Outcome> {
  // The engine's /tmp is the root's own.
  const place = await mkdtemp(join(engine ? join(engine.root, "tmp") : tmpdir(), "compat-"));
  const folder = engine ? place.slice(engine.root.length) : place;
  try {
    await mkdir(join(place, "bin"));
    await mkdir(join(place, "work"));
    await symlink(docker, join(place, "bin/docker"));
    await writeFile(join(place, "script"), traced + script);
    if (engine) for (const path of [place, join(place, "work")]) await chown(path, engine.owner.uid, engine.owner.gid);
    // With its own clock, so that nothing that hangs within outlives it.
    const command = ["timeout", "-k", "1", "110", "sh", join(folder, "script")];
    const [program, ...args] = engine ? enterEngine(engine, { cwd: join(folder, "work"), command }) : [...enter, ...command];
    const { stdout, stderr, exitCode } = await execa(program ?? "sh", args, {
      cwd: engine ? "/" : join(folder, "work"),
      env: {
        PATH: `${join(folder, "bin")}:${process.env["PATH"]}`,
        HOME: folder,
        LANG: "C.UTF-8",
        TERM: "xterm",
        DOCKER_HOST: engine ? "unix:///run/slipway/root/docker.sock" : `unix://${socket}`,
        // The newer client builds with BuildKit where it can; the daemon's own builder is what both have.
        DOCKER_BUILDKIT: "0",
        DOCKER_CLI_HINTS: "false",
      },
      extendEnv: false,
      reject: false,
      stdin: "ignore",
      timeout: 120_000,
      stripFinalNewline: false,
    });
    const comparable = (text: string): string => normalise(text.replaceAll(folder, "<folder>"));
    return { stdout: comparable(stdout), stderr: comparable(stderr), exitCode };
  } finally {
    await rm(place, { recursive: true, force: true });
  }
}

/** Takes away what a case left, but for the busybox image: all through the API, which costs less than as many commands. */
export async function tidy({ socket }: Backend): Promise<void> {
  const client = new UnixClient(`unix://${socket}`);
  const each = async <T>(things: readonly T[], remove: (thing: T) => Promise<unknown>): Promise<void> => {
    await Promise.all(things.map((thing) => remove(thing).catch(() => undefined)));
  };
  await each(await client.listContainers({ all: true }), ({ Id }) => client.removeContainer(Id, { force: true, volumes: true }));
  const names = (await client.listImages()).flatMap(({ Id, RepoTags }) => (RepoTags?.length ? RepoTags : [Id]));
  await each(
    names.filter((name) => name !== "busybox:latest" && !name.startsWith("<none>")),
    (name) => client.removeImage(name, { force: true }),
  );
  await client.pruneImages({ dangling: ["true"] });
  const networks = (await client.listNetworks()).filter(({ Name }) => !["bridge", "host", "none"].includes(Name));
  await each(networks, ({ Id }) => client.removeNetwork(Id));
  await each((await client.listVolumes()).Volumes ?? [], ({ Name }) => client.removeVolume(Name, { force: true }));
}
