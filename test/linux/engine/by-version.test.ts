import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { askApi, jsonValues } from "../../support/api/raw-api.ts";
import { startTestEngine, type TestEngine } from "../../support/engine.ts";
import { hasNamespaces, isBuilt } from "../../support/engine-allowed.ts";

/** An ordinary user has none of their own here, and the kernel counts for cgroups. */
const hasCgroups = process.getuid?.() === 0;

describe.skipIf(!isBuilt || !hasNamespaces)("what an answer depends on by query and version (needs a build, and user namespaces)", () => {
  let engine: TestEngine;
  beforeAll(async () => {
    engine = await startTestEngine();
  });
  afterAll(() => engine[Symbol.asyncDispose]());

  async function ask<T>(method: string, path: string, body?: unknown): Promise<{ readonly status: number; readonly value: T }> {
    const answer = await askApi(engine.socket, method, path, body === undefined ? {} : { body });
    return { status: answer.status, value: jsonValues(answer)[0] as T };
  }
  const filters = (value: object): string => encodeURIComponent(JSON.stringify(value));

  test("one-shot stats are one sample with nothing before it, and cannot be streamed; without it the sample before is told", async () => {
    const { value: made } = await ask<{ Id: string }>("POST", "/containers/create", {
      Image: "busybox",
      Cmd: ["sh", "-c", "while :; do sleep 0.01; done"],
    });
    const path = `/containers/${made.Id}`;
    await ask("POST", `${path}/start`);
    interface Stats {
      readonly read: string;
      readonly preread: string;
      readonly precpu_stats: { readonly cpu_usage: { readonly total_usage: number }; readonly system_cpu_usage?: number };
    }
    const { value: once } = await ask<Stats>("GET", `/v1.41${path}/stats?stream=false&one-shot=true`);
    expect(once.preread).toBe("0001-01-01T00:00:00Z");
    expect(once.precpu_stats.cpu_usage.total_usage).toBe(0);
    for (const query of ["/v1.41", "/v1.40"].map(
      (version) => `${version}${path}/stats?stream=false${version === "/v1.40" ? "&one-shot=true" : ""}`,
    )) {
      const { value: two } = await ask<Stats>("GET", query);
      const apart = Date.parse(two.read) - Date.parse(two.preread);
      expect(apart).toBeGreaterThan(500);
      const { cpu_usage: ours, system_cpu_usage: host = 0 } = two.precpu_stats;
      expect([true, hasCgroups]).toContain(ours.total_usage > 0 && host > 0);
    }
    expect(await ask("GET", `/v1.41${path}/stats?stream=true&one-shot=true`)).toEqual({
      status: 400,
      value: { message: "cannot have stream=true and one-shot=true" },
    });
    expect((await ask("DELETE", `${path}?force=true`)).status).toBe(204);
  });

  test("each type of disk usage is told when it is asked for, all without, and before 1.42 always all", async () => {
    await ask("POST", "/volumes/create", { Name: "measured" });
    await ask("POST", "/containers/create?name=counted", { Image: "busybox" });
    type Usage = Record<"Images" | "Containers" | "Volumes" | "BuildCache", readonly unknown[] | null>;
    const told = async (path: string): Promise<string> => {
      const { value } = await ask<Usage>("GET", path);
      const { Images, Containers, Volumes, BuildCache } = value;
      return [Images, Containers, Volumes, BuildCache].map((list) => list?.length ?? "-").join(" ");
    };
    expect(await told("/v1.44/system/df?type=image")).toBe("1 - - -");
    expect(await told("/v1.44/system/df?type=container")).toBe("- 1 - -");
    expect(await told("/v1.44/system/df?type=volume")).toBe("- - 1 -");
    expect(await told("/v1.44/system/df?type=build-cache")).toBe("- - - 0");
    expect(await told("/v1.44/system/df?type=image&type=volume")).toBe("1 - 1 -");
    expect(await told("/v1.44/system/df")).toBe("1 1 1 0");
    expect(await told("/v1.41/system/df?type=image")).toBe("1 1 1 0");
    expect(await ask("GET", "/v1.44/system/df?type=nope")).toEqual({ status: 400, value: { message: "unknown object type: nope" } });
    await ask("DELETE", "/containers/counted");
    await ask("DELETE", "/volumes/measured");
  });

  test("a prune of volumes takes named ones before API 1.42, and since then when it is told all; one in use never", async () => {
    await ask("POST", "/containers/create?name=user", { Image: "busybox", HostConfig: { Binds: ["used:/v"] } });
    const left = async (path: string): Promise<readonly string[]> => {
      await ask("POST", "/volumes/create", { Name: "named", Labels: { keep: "yes" } });
      // One without a name.
      await ask("POST", "/containers/create?name=brief", { Image: "busybox", Volumes: { "/data": {} } });
      await ask("DELETE", "/containers/brief");
      const { status } = await ask("POST", path);
      expect(status).toBe(200);
      const { value } = await ask<{ readonly Volumes: readonly { readonly Name: string }[] }>("GET", "/volumes");
      const names = value.Volumes.map(({ Name }) => (Name.length === 64 ? "anonymous" : Name)).toSorted();
      await ask("POST", "/v1.41/volumes/prune");
      return names;
    };
    expect(await left("/v1.41/volumes/prune")).toEqual(["used"]);
    expect(await left("/v1.42/volumes/prune")).toEqual(["named", "used"]);
    expect(await left("/volumes/prune")).toEqual(["named", "used"]);
    expect(await left(`/v1.42/volumes/prune?filters=${filters({ all: ["true"] })}`)).toEqual(["used"]);
    expect(await left(`/v1.42/volumes/prune?filters=${filters({ all: ["1"], "label!": ["keep"] })}`)).toEqual(["named", "used"]);
    expect(await left(`/v1.41/volumes/prune?filters=${filters({ label: ["keep=yes"] })}`)).toEqual(["anonymous", "used"]);
    await ask("DELETE", "/containers/user");
  });
});
