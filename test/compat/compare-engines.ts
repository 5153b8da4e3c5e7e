import { execFileSync } from "node:child_process";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startDockerd, whyNoDockerd, type Dockerd } from "../support/dockerd.ts";
import { baseImageTar, startTestEngine, type TestEngine } from "../support/engine.ts";
import { runScript, tidy, type Backend, type Outcome } from "./backends.ts";
import type { CompatCase } from "./compat-case.ts";

const skip = whyNoDockerd();

/** Runs each case of each group on docker and dockerd, on our docker and our engine, and on docker and our engine, and compares what they show. */
export function compareEngines(groups: Readonly<Record<string, readonly CompatCase[]>>): void {
  describe.skipIf(skip !== null)(`what the real engine shows, ours shows${skip === null ? "" : ` (skipped: ${skip})`}`, () => {
    let dockerd: Dockerd;
    let engines: readonly TestEngine[] = [];
    let backends: readonly Backend[] = [];
    const docker = skip === null ? execFileSync("sh", ["-c", "command -v docker"], { encoding: "utf8" }).trim() : "";
    const clientIsNew = skip === null && hasNewWords(docker);

    beforeAll(async () => {
      dockerd = await startDockerd({ ownNetwork: true });
      execFileSync(docker, ["load", "-i", await baseImageTar()], { env: { ...process.env, DOCKER_HOST: `unix://${dockerd.socket}` } });
      const [ours, mixed] = [await startTestEngine({ images: ["busybox"] }), await startTestEngine({ images: ["busybox"] })];
      engines = [ours, mixed];
      backends = [
        { name: "docker on dockerd", docker, socket: dockerd.socket, enter: dockerd.enter },
        { name: "our docker on our engine", docker: "/run/slipway/bin/docker", socket: ours.socket, engine: ours.handle },
        { name: "docker on our engine", docker, socket: mixed.socket, engine: mixed.handle },
      ];
    });
    afterAll(async () => {
      await Promise.all(engines.map((engine) => engine[Symbol.asyncDispose]()));
      await dockerd?.stop();
    });

    describe.each(Object.entries(groups))("%s", (_, cases) => {
      for (const compatCase of cases) {
        test.skipIf(compatCase.newClient === true && !clientIsNew)(compatCase.title, async () => {
          try {
            const outcomes = await Promise.all(backends.map((backend) => runScript(compatCase.script, backend)));
            const [expected, own, foreign] = outcomes.map((outcome) => comparable(outcome, compatCase));
            expect.soft(foreign, "docker on our engine").toEqual(expected);
            // Our command has the words of Docker's newer clients, so an older one can only judge what it prints on stdout, and its exit code.
            const judged = (outcome?: Outcome): object => ({ ...outcome, ...(!clientIsNew && { stderr: "" }) });
            expect.soft(judged(own), "our docker on our engine").toEqual(judged(expected));
          } finally {
            await Promise.all(backends.map(tidy));
          }
        });
      }
    });
  });
}

/** Since version 28 the client words its errors as ours does: `docker: unknown command: docker x`. */
function hasNewWords(docker: string): boolean {
  const version = execFileSync(docker, ["--version"], { encoding: "utf8" });
  return Number(/\d+/.exec(version)?.[0]) >= 28;
}

function comparable(outcome: Outcome, { except = [] }: CompatCase): Outcome {
  const without = (text: string): string => except.reduce((rest, { pattern }) => rest.replaceAll(pattern, ""), text);
  return { ...outcome, stdout: without(outcome.stdout), stderr: without(outcome.stderr) };
}
