import { execFileSync } from "node:child_process";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startDockerd, whyNoDockerd, type Dockerd } from "../support/dockerd.ts";
import { baseImageTar, startTestEngine, type TestEngine } from "../support/engine.ts";
import { runScript, tidy, type Backend, type Outcome } from "./backends.ts";
import type { CompatCase } from "./compat-case.ts";

const skip = whyNoDockerd() ?? whyOldClient();

/** Runs each case of each group on docker and dockerd, on our docker and our engine, and on docker and our engine, and compares what they show. */
export function compareEngines(groups: Readonly<Record<string, readonly CompatCase[]>>): void {
  describe.skipIf(skip !== null)(`what the real engine shows, ours shows${skip === null ? "" : ` (skipped: ${skip})`}`, () => {
    let dockerd: Dockerd;
    const engines: TestEngine[] = [];
    let backends: readonly Backend[] = [];
    const docker = skip === null ? execFileSync("sh", ["-c", "command -v docker"], { encoding: "utf8" }).trim() : "";

    beforeAll(async () => {
      dockerd = await startDockerd();
      execFileSync(docker, ["load", "-i", await baseImageTar()], { env: { ...process.env, DOCKER_HOST: `unix://${dockerd.socket}` } });
      const start = async (): Promise<TestEngine> => {
        const engine = await startTestEngine({ images: ["busybox"] });
        engines.push(engine);
        return engine;
      };
      const [ours, mixed] = [await start(), await start()];
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
        test(compatCase.title, async () => {
          try {
            const outcomes = await Promise.all(backends.map((backend) => runScript(compatCase.script, backend)));
            const [expected, own, foreign] = outcomes.map((outcome) => comparable(outcome, compatCase));
            expect.soft(foreign, "docker on our engine").toEqual(expected);
            expect.soft(own, "our docker on our engine").toEqual(expected);
          } finally {
            await Promise.all(backends.map(tidy));
          }
        });
      }
    });
  });
}

/** Ours has the flags, columns and words of version 28; to an older client's it cannot be compared. */
function whyOldClient(): string | null {
  const version = execFileSync("docker", ["--version"], { encoding: "utf8" });
  const [, name = "", major = ""] = /^Docker version ((\d+)[\d.]*)/.exec(version) ?? [];
  return Number(major) >= 28 ? null : `the docker client is ${name || "unknown"}, and ours does as 28 does`;
}

function comparable(outcome: Outcome, { except = [] }: CompatCase): Outcome {
  const without = (text: string): string => except.reduce((rest, { pattern }) => rest.replaceAll(pattern, ""), text);
  return { ...outcome, stdout: without(outcome.stdout), stderr: without(outcome.stderr) };
}
