import { expect, test } from "vitest";
import type { InitOp } from "../../../../src/runtime/kernel/ops.ts";
import { execOps } from "../../../../src/runtime/sandbox/process-ops.ts";
import { sandboxOps } from "../../../../src/runtime/sandbox/sandbox-ops.ts";
import { processSpec, runtimeSpec } from "../../../support/sandbox-spec.ts";

const devpts = "/run/slipway/sandbox/pts-1";

function lines(ops: readonly InitOp[]): string {
  return ops
    .map(({ op, ...rest }) =>
      `${op} ${Object.values(rest)
        .map((value) => (typeof value === "object" ? JSON.stringify(value) : value))
        .join(" ")}`.trim(),
    )
    .join("\n");
}

test("a container with a terminal, a bind mount and a read-only root", () => {
  const process = processSpec(["sh"], { terminal: true, cwd: "/work" });
  const spec = runtimeSpec("/snapshot/merged", "/proc/7/fd/9", process, {
    root: { path: "/snapshot/merged", readonly: true },
    mounts: [{ destination: "/data", type: "bind", source: "/volumes/data", options: ["rbind", "ro"] }],
  });
  expect(lines(sandboxOps({ ...spec, linux: { ...spec.linux, cgroups: ["/sys/fs/cgroup/pids/slipway-1/c"] } }, { devpts, terminal: 0 })))
    .toMatchInlineSnapshot(`
      "write /sys/fs/cgroup/pids/slipway-1/c/cgroup.procs 0
      setns ["/proc/7/fd/9"]
      unshare 201457664
      hostname box
      propagation slave
      open null /dev/null
      clone_tree /dev/null /dev/null false 0
      clone_tree /dev/zero /dev/zero false 0
      clone_tree /dev/full /dev/full false 0
      clone_tree /dev/random /dev/random false 0
      clone_tree /dev/urandom /dev/urandom false 0
      clone_tree /dev/tty /dev/tty false 0
      make_fs 0 proc 14 []
      make_fs 1 tmpfs 34 ["mode=755","size=65536k"]
      clone_tree 2 /run/slipway/sandbox/pts-1 false 10
      make_sysfs 3 15
      make_fs 4 tmpfs 14 ["mode=755"]
      clone_tree /sys/fs/cgroup/pids/slipway-1/c /sys/fs/cgroup/pids/slipway-1/c false 15
      make_fs 5 mqueue 14 []
      make_fs 6 tmpfs 14 ["mode=1777","size=1048576","source=shm"]
      clone_tree 7 /volumes/data true 1
      pivot /snapshot/merged
      attach_kernel 0 /proc
      attach_kernel 1 /dev
      attach /dev/null /dev/null
      attach /dev/zero /dev/zero
      attach /dev/full /dev/full
      attach /dev/random /dev/random
      attach /dev/urandom /dev/urandom
      attach /dev/tty /dev/tty
      symlink /proc/self/fd /dev/fd
      symlink /proc/self/fd/0 /dev/stdin
      symlink /proc/self/fd/1 /dev/stdout
      symlink /proc/self/fd/2 /dev/stderr
      symlink /proc/kcore /dev/core
      symlink pts/ptmx /dev/ptmx
      attach 2 /dev/pts
      attach_kernel 3 /sys
      attach 4 /sys/fs/cgroup
      attach /sys/fs/cgroup/pids/slipway-1/c /sys/fs/cgroup/pids
      attach 5 /dev/mqueue
      attach 6 /dev/shm
      attach 7 /data
      bind_file /dev/pts/0 /dev/console
      mkdir /work 493
      readonly /proc/sys
      mask /proc/version
      mask /proc/not-there
      mask /sys/kernel
      drop_old_root
      readonly_root
      terminal /dev/pts/0
      own_stdio 0
      cwd /work
      bound [0,1,4,3,27,13,6,7,31,8,10,18,5,29]
      ids 0 0 []
      capabilities [0,1,4,3,27,13,6,7,31,8,10,18,5,29]
      umask 18
      exec ["sh"] ["PATH=/usr/bin:/bin","HOME=/root"]"
    `);
});

test("a namespace of another container is joined and not made, and its names are left alone", () => {
  const spec = runtimeSpec("/r", "/proc/9/ns/net", processSpec(["true"]));
  const ops = sandboxOps(
    { ...spec, linux: { ...spec.linux, join: { network: "/proc/9/ns/net", ipc: "/proc/9/ns/ipc", uts: "/proc/9/ns/uts" } } },
    { devpts, terminal: null },
  );
  expect(ops).toContainEqual({ op: "setns", paths: ["/proc/9/ns/net", "/proc/9/ns/ipc", "/proc/9/ns/uts"] });
  expect(ops).toContainEqual({ op: "unshare", flags: 0x20000 });
  expect(ops.filter(({ op }) => op === "hostname")).toEqual([]);
});

test("a mount at a default's destination takes its place in the order", () => {
  const shm = { destination: "/dev/shm", type: "bind", source: "/big", options: [] } as const;
  const ops = sandboxOps(runtimeSpec("/r", "/n", processSpec(["true"]), { mounts: [shm] }), { devpts, terminal: null });
  expect(ops.filter((op) => op.op === "attach" && op.destination === "/dev/shm")).toHaveLength(1);
  expect(ops).toContainEqual({ op: "clone_tree", id: "6", path: "/big", recursive: false, attributes: 0 });
});

test("another user's process in a running container keeps only the bounding set", () => {
  const process = processSpec(["id"], { capabilities: ["KILL"], user: { uid: 1000, gid: 100, additionalGids: [5] } });
  expect(lines(execOps(42, runtimeSpec("/r", "/n", process), process, null))).toMatchInlineSnapshot(`
    "setns ["/proc/42/ns/net","/proc/42/ns/ipc","/proc/42/ns/uts","/proc/42/ns/mnt"]
    setsid
    own_stdio 1000
    cwd /
    bound [5]
    ids 1000 100 [5]
    capabilities []
    umask 18
    exec ["id"] ["PATH=/usr/bin:/bin","HOME=/root"]"
  `);
});
