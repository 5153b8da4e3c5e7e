import { lstatSync, mkdirSync, mkdtempSync, readFileSync, readlinkSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { spawnSync } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { mountFlags } from "../../../src/runtime/kernel/kernel.ts";
import { LinuxKernel } from "../../../src/runtime/kernel/linux.ts";
import { inNamespaces } from "../../../src/runtime/kernel/namespaces.ts";

const kernel = new LinuxKernel();
let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), "slipway-kernel-"));
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

test("a refused call throws an error like Node's own", () => {
  expect(() => kernel.unmount(join(dir, "missing"))).toThrow(expect.objectContaining({ code: "ENOENT", errno: -2, syscall: "umount2" }));
});

test("times are set to the nanosecond, of a link itself and before 1970 too", () => {
  const link = join(dir, "link");
  symlinkSync("nowhere", link);
  kernel.setTimes(link, 1n, 1_700_000_000_123_456_789n);
  expect(lstatSync(link, { bigint: true }).mtimeNs).toBe(1_700_000_000_123_456_789n);
  kernel.setTimes(link, 0n, -1_500_000_000n);
  expect(lstatSync(link, { bigint: true }).mtimeNs).toBe(-1_500_000_000n);
});

test("a fifo is made by mknod", () => {
  const path = join(dir, "fifo");
  kernel.mknod(path, 0o010644, 0, 0);
  expect(statSync(path).isFIFO()).toBe(true);
});

describe.skipIf(process.getuid?.() !== 0)("as root", () => {
  test("extended attributes are written, listed, read and removed", () => {
    const file = join(dir, "file");
    writeFileSync(file, "");
    expect(kernel.getXattr(file, "trusted.slipway")).toBeNull();
    kernel.setXattr(file, "trusted.slipway", Buffer.alloc(1000, 7));
    expect(kernel.listXattrs(file)).toContain("trusted.slipway");
    expect(kernel.getXattr(file, "trusted.slipway")).toEqual(new Uint8Array(1000).fill(7));
    kernel.removeXattr(file, "trusted.slipway");
    expect(kernel.getXattr(file, "trusted.slipway")).toBeNull();
  });

  test("a tmpfs is mounted with its options and unmounted", () => {
    const target = join(dir, "mnt");
    mkdirSync(target);
    kernel.mount("tmpfs", target, "tmpfs", mountFlags.nosuid, "mode=0711");
    expect(statSync(target).mode & 0o7777).toBe(0o711);
    kernel.unmount(target);
    expect(statSync(target).mode & 0o7777).not.toBe(0o711);
  });

  test("a character device 0/0 is the whiteout that overlay expects", () => {
    const path = join(dir, "whiteout");
    kernel.mknod(path, 0o020000, 0, 0);
    expect(lstatSync(path).rdev).toBe(0);
    expect(lstatSync(path).isCharacterDevice()).toBe(true);
  });

  test("a child spawned in a new pid namespace is its process 1, and this thread comes back", () => {
    const before = readlinkSync("/proc/thread-self/ns/net");
    const child = inNamespaces({ pid: "new", net: "new" }, () => spawnSync("/bin/sh", ["-c", "echo $$; cat /proc/net/dev"]));
    expect(child.stdout.toString()).toMatch(/^1\n/);
    expect(readlinkSync("/proc/thread-self/ns/net")).toBe(before);
    expect(spawnSync("/bin/sh", ["-c", "echo $$"]).stdout.toString()).not.toBe("1\n");
    expect(readFileSync("/proc/thread-self/status", "utf8")).toContain(`Pid:\t${process.pid}\n`);
  });

  test("an error in the body is passed on after coming back", () => {
    const before = readlinkSync("/proc/thread-self/ns/net");
    expect(() =>
      inNamespaces({ net: "new" }, () => {
        throw new Error("from inside");
      }),
    ).toThrow("from inside");
    expect(readlinkSync("/proc/thread-self/ns/net")).toBe(before);
  });
});
