import { expect, test } from "vitest";
import type { MountSpec } from "../../../../src/oci/runtime-spec.ts";
import { ociConfig, ociProcessFile } from "../../../../src/runtime/sandbox/oci-config.ts";
import { processSpec, runtimeSpec } from "../../../support/sandbox-spec.ts";

const around = { binds: [], cgroupsPath: null, init: null, ttyGroup: 5 };
const bind: MountSpec = { destination: "/data", type: "bind", source: "/home/me", options: ["rbind", "ro", "z"], fromUser: true };

interface Config {
  readonly hostname?: string;
  readonly process: { readonly args: readonly string[]; readonly capabilities: Readonly<Record<string, readonly string[]>> };
  readonly mounts: readonly { readonly destination: string; readonly source: string; readonly options: readonly string[] }[];
  readonly linux: Readonly<Record<string, unknown>> & { readonly namespaces: readonly { readonly type: string; readonly path?: string }[] };
}

test("a bundle says what our own sandbox would do: Docker's mounts, the namespaces, the masked paths, and no seccomp or hooks", () => {
  const spec = runtimeSpec("/merged", "/proc/7/fd/9", processSpec(["sh"], { capabilities: ["CHOWN"] }), { mounts: [bind] });
  const config = JSON.parse(ociConfig(spec, { ...around, binds: ["/staged/0"], cgroupsPath: "slipway-1/c" })) as Config;
  expect(config.process.capabilities).toEqual({ bounding: ["CAP_CHOWN"], effective: ["CAP_CHOWN"], permitted: ["CAP_CHOWN"] });
  expect(config.mounts.map(({ destination }) => destination)).toEqual([
    "/proc",
    "/dev",
    "/dev/pts",
    "/sys",
    "/dev/mqueue",
    "/dev/shm",
    "/data",
  ]);
  expect(config.mounts.at(-1)).toMatchObject({ source: "/staged/0", options: ["rbind", "ro"] });
  expect(config.linux).toMatchObject({ cgroupsPath: "slipway-1/c", readonlyPaths: ["/proc/sys"] });
  expect(config.linux["seccomp"]).toBeUndefined();
  expect(config).not.toHaveProperty("hooks");
  expect(config.linux.namespaces).toEqual([
    { type: "mount" },
    { type: "network", path: "/proc/7/fd/9" },
    { type: "pid" },
    { type: "ipc" },
    { type: "uts" },
  ]);
});

test("in another's UTS namespace no hostname is set, and of version 1's cgroups the container's own folders are shown read-only", () => {
  const spec = runtimeSpec("/merged", "/net", processSpec(["sh"]));
  const linux = { ...spec.linux, join: { network: "/net", uts: "/proc/1/ns/uts" }, cgroups: ["/sys/fs/cgroup/pids/slipway-1/c"] };
  const config = JSON.parse(ociConfig({ ...spec, linux }, around)) as Config;
  expect(config).not.toHaveProperty("hostname");
  expect(config.mounts.find(({ destination }) => destination === "/sys/fs/cgroup/pids")).toMatchObject({
    source: "/sys/fs/cgroup/pids/slipway-1/c",
    options: expect.arrayContaining(["bind", "ro"]) as string[],
  });
});

test("an init is the host's program, bound in, with the container's own as its arguments", () => {
  const spec = runtimeSpec("/merged", "/net", processSpec(["sh", "-c", "x"], { init: true }));
  const config = JSON.parse(ociConfig(spec, { ...around, init: "/usr/bin/tini-static" })) as Config;
  expect(config.process.args).toEqual(["/sbin/docker-init", "--", "sh", "-c", "x"]);
  expect(config.mounts.at(-1)).toMatchObject({ destination: "/sbin/docker-init", source: "/usr/bin/tini-static" });
});

test("a limit without end is the kernel's largest number, exactly", () => {
  const process = processSpec(["sh"], { rlimits: [{ type: "RLIMIT_CORE", soft: 0, hard: -1 }] });
  expect(ociProcessFile(process)).toContain('"hard": 18446744073709551615');
});
