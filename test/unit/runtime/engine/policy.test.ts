import { expect, test } from "vitest";
import { checkPolicy, checkVolume } from "../../../../src/runtime/engine/policy.ts";
import type { HostConfig } from "../../../../src/docker/api/types.ts";

const policy = { bindsWithin: ["/tmp/work", "/var/run/docker.sock"] };

test("what leads around a container is refused, each by its name", () => {
  const asked: readonly (readonly [HostConfig, string])[] = [
    [{ Privileged: true }, "--privileged"],
    [{ PidMode: "host" }, "--pid host"],
    [{ NetworkMode: "host" }, "--network host"],
    [{ Runtime: "runc" }, "--runtime runc"],
    [{ CgroupParent: "/" }, "--cgroup-parent"],
    [{ DeviceCgroupRules: ["a *:* rwm"] }, "a host device"],
    [{ CapAdd: ["SYS_ADMIN"] }, "--cap-add SYS_ADMIN"],
    [{ Binds: ["/etc:/h"] }, "the bind of /etc"],
    [{ Binds: ["/tmp/work/../../etc:/h"] }, "the bind of /tmp/work/../../etc"],
    [{ Binds: ["/tmp/workers:/h"] }, "the bind of /tmp/workers"],
    [{ Mounts: [{ Type: "bind", Source: "/etc", Target: "/h" }] }, "the bind of /etc"],
  ];
  for (const [host, text] of asked) expect(() => checkPolicy(policy, host)).toThrow(text);
  const options = { DriverConfig: { Name: "local", Options: { type: "none", o: "bind", device: "/" } } } as object;
  expect(() => checkPolicy(policy, { Mounts: [{ Type: "volume", Source: "x", Target: "/h", VolumeOptions: options }] })).toThrow(
    "a volume with",
  );
  expect(() => checkVolume(policy, "local", { device: "/" })).toThrow("a volume with a driver or options is refused");
});

test("what stays within the root is granted", () => {
  const Binds = ["/tmp/work:/w", "/tmp/work/a/b:/b:ro", "named:/v", "/var/run/docker.sock:/var/run/docker.sock"];
  expect(() => checkPolicy(policy, { Binds, CapAdd: ["NET_ADMIN"], PidMode: "container:x" })).not.toThrow();
  expect(() => checkVolume(policy, "local", {})).not.toThrow();
  expect(() => checkVolume(null, "local", { device: "/" })).not.toThrow();
});
