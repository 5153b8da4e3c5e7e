import { execFileSync } from "node:child_process";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { answers, misshapen } from "../../support/api/answers.ts";
import { tourApi, type Visit } from "../../support/api/tour.ts";
import { startDockerd, whyNoDockerd } from "../../support/dockerd.ts";
import { baseImageTar, startTestEngine, type TestEngine } from "../../support/engine.ts";
import { hasNamespaces, isBuilt } from "../../support/engine-allowed.ts";

/** What the tour cannot be answered without a registry, which test/linux/registry.test.ts has. */
const needsRegistry = ["POST /auth", "POST /images/{name}/push", "GET /distribution/{name}/json"];

describe.skipIf(!isBuilt || !hasNamespaces)("the shapes of answers (needs a build, and user namespaces)", () => {
  let engine: TestEngine;
  beforeAll(async () => {
    engine = await startTestEngine();
  });
  afterAll(() => engine[Symbol.asyncDispose]());

  test.each([
    ["/v1.24", 24],
    ["/v1.41", 41],
    ["/v1.44", 44],
    ["", 47],
  ])("every answer under %s is as the Engine API's reference has it, errors too", async (prefix, version) => {
    const visits = await tourApi({ socket: engine.socket, prefix, name: `tour${version}` });
    expect(misshapen(visits, version)).toEqual([]);
    expect(Object.keys(answers).filter((route) => !answered(visits).has(route))).toEqual(needsRegistry);
  });
});

const noDockerd = whyNoDockerd();

describe.skipIf(noDockerd !== null)(`the same of a real dockerd${noDockerd === null ? "" : ` (skipped: ${noDockerd})`}`, () => {
  test("what is written down of answers is true of dockerd's, and ours have the same statuses", { timeout: 300_000 }, async () => {
    const dockerd = await startDockerd();
    try {
      execFileSync("docker", ["load", "-i", await baseImageTar()], { env: { ...process.env, DOCKER_HOST: `unix://${dockerd.socket}` } });
      await using engine = await startTestEngine();
      const options = { prefix: "/v1.41", name: "same" };
      const [theirs, ours] = await Promise.all([
        tourApi({ ...options, socket: dockerd.socket }),
        tourApi({ ...options, socket: engine.socket }),
      ]);
      expect(misshapen(theirs, 41)).toEqual([]);
      const statuses = (visits: readonly Visit[]): readonly string[] =>
        visits.filter(isComparable).map(({ path, status }) => `${status} ${path}`);
      expect(statuses(ours).map(withoutIds)).toEqual(statuses(theirs).map(withoutIds));
    } finally {
      await dockerd.stop();
    }
  });
});

function answered(visits: readonly Visit[]): ReadonlySet<string> {
  return new Set(visits.filter(({ status }) => status < 400).map(({ route }) => route));
}

/** Searching is not supported here. */
function isComparable({ route }: Visit): boolean {
  return route !== "GET /images/search";
}

function withoutIds(line: string): string {
  return line.replaceAll(/[0-9a-f]{64}/g, "ID").replaceAll(/(since|until)=\d+/g, "$1=T");
}
