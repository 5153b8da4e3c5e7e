import { expect, test } from "vitest";
import type { ContainerConfig, HostConfig } from "../../../../../src/docker/api/types.ts";
import { digestOf } from "../../../../../src/oci/digest.ts";
import type { ContainerRecord } from "../../../../../src/runtime/containers/container.ts";
import { created } from "../../../../../src/runtime/containers/state.ts";
import { completeHostConfig, mergeConfig } from "../../../../../src/runtime/engine/config/create-config.ts";
import { buildSpec } from "../../../../../src/runtime/engine/config/spec.ts";

const id = "abcdef0123456789".repeat(4);

function record(config: ContainerConfig, hostConfig: HostConfig = {}): ContainerRecord {
  return {
    version: 1,
    id,
    name: "x",
    created: "",
    imageId: digestOf(""),
    imageRef: "busybox",
    config,
    hostConfig: completeHostConfig(hostConfig),
    endpoints: {},
    mounts: [],
    networkSettings: {} as ContainerRecord["networkSettings"],
    state: created,
    restartCount: 0,
    manuallyStopped: false,
  };
}

const around = {
  parts: new Map<string, string>(),
  rootfs: "/merged",
  user: { uid: 0, gid: 0, additionalGids: [], home: "/root" },
  networkNamespace: "/net",
  join: {},
  cgroups: [],
  linked: [],
  mounts: [],
  files: { hosts: "/c/hosts", hostname: "/c/hostname", resolvConf: "/c/resolv.conf" },
};

test("the environment is PATH, HOSTNAME, TERM, then the container's, and HOME", () => {
  const config = mergeConfig({ Image: "busybox", Env: ["A=1", "PATH=/mine"], Tty: true }, { Cmd: ["sh"], Env: ["PATH=/image", "B=2"] }, id);
  expect(config.Env).toEqual(["A=1", "PATH=/mine", "B=2"]);
  expect(buildSpec(record(config), around).process.env).toEqual([
    "PATH=/mine",
    "HOSTNAME=abcdef012345",
    "TERM=xterm",
    "A=1",
    "B=2",
    "HOME=/root",
  ]);
});

test("an entrypoint of the request takes the image's command away, an empty one the entrypoint", () => {
  const image = { Entrypoint: ["/init"], Cmd: ["run"] };
  const args = (request: ContainerConfig): readonly string[] => buildSpec(record(mergeConfig(request, image, id)), around).process.args;
  expect(args({})).toEqual(["/init", "run"]);
  expect(args({ Cmd: ["other"] })).toEqual(["/init", "other"]);
  expect(args({ Entrypoint: ["/bin/echo"] })).toEqual(["/bin/echo"]);
  expect(args({ Entrypoint: [""], Cmd: ["ls"] })).toEqual(["ls"]);
  expect(() => mergeConfig({}, {}, id)).toThrow("No command specified");
});

test("privileged has all capabilities and nothing masked; otherwise Docker's defaults", () => {
  const plain = buildSpec(record({ Cmd: ["sh"] }, { CapAdd: ["NET_ADMIN"], CapDrop: ["cap_chown"] }), around);
  expect(plain.process.capabilities).toHaveLength(14);
  expect(plain.process.capabilities).toContain("NET_ADMIN");
  expect(plain.process.capabilities).not.toContain("CHOWN");
  expect(plain.linux.maskedPaths).toContain("/proc/kcore");
  const privileged = buildSpec(record({ Cmd: ["sh"] }, { Privileged: true }), around);
  expect(privileged.process.capabilities).toHaveLength(41);
  expect(privileged.linux.maskedPaths).toEqual([]);
});

test("sysctls of the network are the network's; a mount of the person's replaces the engine's own", () => {
  const mine = {
    point: { Type: "bind", Source: "/h", Destination: "/etc/hosts", Mode: "", RW: true, Propagation: "" },
    shown: true,
    spec: { destination: "/etc/hosts", type: "bind", source: "/h", options: ["rbind"] },
    path: "/h",
    copyUp: false,
    anonymous: false,
  } as const;
  const base = record({ Cmd: ["sh"] }, { Sysctls: { "net.ipv4.ip_forward": "0", "kernel.msgmax": "9" } });
  const spec = buildSpec({ ...base, mounts: [mine] }, around);
  expect(spec.linux.sysctl).toEqual({ "kernel.msgmax": "9" });
  expect(spec.mounts.map(({ destination, source }) => [destination, source])).toEqual([
    ["/etc/resolv.conf", "/c/resolv.conf"],
    ["/etc/hostname", "/c/hostname"],
    ["/etc/hosts", "/h"],
  ]);
});
