import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { execFileSync } from "node:child_process";
import { startDockerd, whyNoDockerd, type Dockerd } from "../support/dockerd.ts";
import { baseImageTar, startTestEngine } from "../support/engine.ts";
import { runScript, tidy, type Backend, type Outcome } from "./backends.ts";
import type { CompatCase } from "./compat-case.ts";
import { build } from "./cases/build.ts";
import { images } from "./cases/images.ts";
import { inside } from "./cases/inside.ts";
import { lifecycle } from "./cases/lifecycle.ts";
import { objects } from "./cases/objects.ts";
import { streams } from "./cases/streams.ts";

const skip = whyNoDockerd();

describe.skipIf(skip !== null)(`what the real engine shows, ours shows${skip === null ? "" : ` (skipped: ${skip})`}`, () => {
  let dockerd: Dockerd;
  let real: Backend;
  let clientIsNew = false;

  beforeAll(async () => {
    dockerd = await startDockerd();
    const docker = execFileSync("sh", ["-c", "command -v docker"], { encoding: "utf8" }).trim();
    real = { name: "docker on dockerd", docker, socket: dockerd.socket };
    clientIsNew = hasNewWords(docker);
    execFileSync(docker, ["load", "-i", await baseImageTar()], { env: { ...process.env, DOCKER_HOST: `unix://${dockerd.socket}` } });
  });
  afterAll(async () => dockerd?.stop());

  describe.each([
    ["lifecycle", lifecycle],
    ["inside", inside],
    ["streams", streams],
    ["images", images],
    ["objects", objects],
    ["build", build],
  ])("%s", (_, cases) => {
    for (const compatCase of cases) {
      test(compatCase.title, async () => {
        await using ours = await startTestEngine({ images: ["busybox"] });
        await using mixed = await startTestEngine({ images: ["busybox"] });
        try {
          const outcomes = await Promise.all([
            runScript(compatCase.script, real),
            runScript(compatCase.script, {
              name: "our docker on our engine",
              docker: "/run/slipway/bin/docker",
              socket: ours.socket,
              engine: ours.handle,
            }),
            runScript(compatCase.script, { name: "docker on our engine", docker: real.docker, socket: mixed.socket, engine: mixed.handle }),
          ]);
          const [expected, own, foreign] = outcomes.map((outcome) => comparable(outcome, compatCase));
          expect.soft(foreign, "docker on our engine").toEqual(expected);
          // Our command has the words of Docker's newer clients, so an older one can only judge what it prints on stdout, and its exit code.
          const judged = (outcome?: Outcome): object => ({ ...outcome, ...(!clientIsNew && { stderr: "" }) });
          expect.soft(judged(own), "our docker on our engine").toEqual(judged(expected));
        } finally {
          await tidy(real);
        }
      });
    }
  });
});

/** Since version 28 the client words its errors as ours does: `docker: unknown command: docker x`. */
function hasNewWords(docker: string): boolean {
  const version = execFileSync(docker, ["--version"], { encoding: "utf8" });
  return Number(/\d+/.exec(version)?.[0]) >= 28;
}

function comparable(outcome: Outcome, { ignore = [] }: CompatCase): Outcome {
  const without = (text: string): string => ignore.reduce((rest, pattern) => rest.replaceAll(pattern, ""), text);
  return { ...outcome, stdout: without(outcome.stdout), stderr: without(outcome.stderr) };
}
