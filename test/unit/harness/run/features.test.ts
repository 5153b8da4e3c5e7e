import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { hasFeature, type Feature } from "../../../../src/harness/run/features.ts";
import { unmetByRoot } from "../../../../src/harness/run/requirements.ts";
import type { TargetRoot } from "../../../../src/harness/targets/target.ts";

/** What `docker info` of dockerd 20.10 says on a host that has all of it, as far as it matters here. */
const everything = {
  MemoryLimit: true,
  SwapLimit: true,
  CpuCfsQuota: true,
  CPUShares: true,
  CPUSet: true,
  PidsLimit: true,
  OomKillDisable: true,
  CgroupVersion: "2",
  IPv4Forwarding: true,
  Driver: "overlay2",
  SecurityOptions: ["name=apparmor", "name=seccomp,profile=default", "name=userns", "name=rootless"],
};
type Info = Readonly<Record<string, unknown>>;
const without = (name: string) => everything.SecurityOptions.filter((option) => !option.startsWith(`name=${name}`));

/** What an engine says that lacks the one feature and has all others. */
const lacking: Readonly<Record<Exclude<Feature, "terminal" | "outboundNetwork">, readonly Info[]>> = {
  memoryLimit: [{ MemoryLimit: false }, { MemoryLimit: undefined }, { MemoryLimit: "true" }],
  swapLimit: [{ SwapLimit: false }],
  cpuLimit: [{ CpuCfsQuota: false }],
  cpuShares: [{ CPUShares: false }],
  cpuset: [{ CPUSet: false }],
  pidsLimit: [{ PidsLimit: false }],
  oomKillDisable: [{ OomKillDisable: false }],
  cgroup2: [{ CgroupVersion: "1" }, { CgroupVersion: undefined }],
  ipv4Forwarding: [{ IPv4Forwarding: false }],
  overlay: [{ Driver: "vfs" }, { Driver: "native" }, { Driver: undefined }],
  seccomp: [{ SecurityOptions: without("seccomp") }, { SecurityOptions: null }, { SecurityOptions: ["name=seccomp-like"] }],
  apparmor: [{ SecurityOptions: without("apparmor") }],
  userns: [{ SecurityOptions: without("userns") }],
  rootless: [{ SecurityOptions: without("rootless") }],
};

/** A place where steps run as ordinary programs, of an engine that says this of itself. */
function rootOf(info: Info, enter: (argv: readonly string[]) => readonly string[] = (argv) => argv): TargetRoot {
  return {
    engine: { kind: "embedded", version: "0", tier: "namespaces" },
    client: { info: () => Promise.resolve(info) },
    enter,
    env: { PATH: process.env["PATH"] ?? "" },
    marker: `features-${process.pid}`,
  } as unknown as TargetRoot;
}

describe("what a scenario requires of an engine", () => {
  test.each(Object.entries(lacking))("%s is there or is not, and then the scenario is skipped with that reason", async (name, ways) => {
    const feature = name as Feature;
    expect(await unmetByRoot({ features: [feature] }, rootOf(everything))).toBeNull();
    for (const one of ways) {
      const reason = await unmetByRoot({ features: [feature] }, rootOf({ ...everything, ...one }));
      expect(reason).toBe(`it requires ${name}, which this engine has not`);
    }
    // Nothing but that one is missing.
    const info = { ...everything, ...ways[0] };
    const others = (Object.keys(lacking) as Feature[]).filter((other) => other !== feature);
    expect(await Promise.all(others.map((other) => hasFeature(other, info, rootOf(info))))).not.toContain(false);
  });

  test("terminals and a route out are looked for where steps run", async () => {
    const here = rootOf(everything);
    expect(await unmetByRoot({ features: ["terminal"] }, here)).toBeNull();
    // The same programs, in a place where /dev/ptmx is not, and where the table of routes has this network alone.
    const bare = rootOf(everything, ([program = "", ...args]) =>
      program === "cat"
        ? ["printf", "%s", "Iface\tDestination\tGateway\neth0\t0000000A\t00000000\n"]
        : [program, ...args.map((word) => `${word}.none`)],
    );
    expect(await unmetByRoot({ features: ["terminal"] }, bare)).toBe("it requires terminal, which this engine has not");
    expect(await unmetByRoot({ features: ["outboundNetwork"] }, bare)).toBe("it requires outboundNetwork, which this engine has not");
    const routed = rootOf(everything, () => ["printf", "%s", "Iface\tDestination\tGateway\neth0\t00000000\t0100000A\n"]);
    expect(await unmetByRoot({ features: ["outboundNetwork"] }, routed)).toBeNull();
  });

  test("the schema's features are these", () => {
    const schema = JSON.parse(readFileSync(join(import.meta.dirname, "../../../../schemas/scenario.schema.json"), "utf8")) as object;
    const listed = /"features":\{[^}]*"enum":\[([^\]]*)\]/.exec(JSON.stringify(schema))?.[1] ?? "";
    const names = [...listed.matchAll(/"(\w+)"/g)].map(([, name]) => name);
    expect(new Set(names)).toEqual(new Set([...Object.keys(lacking), "terminal", "outboundNetwork"]));
  });
});
