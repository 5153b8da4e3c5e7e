import { accessSync, chmodSync, copyFileSync, mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from "node:fs";
import { execFileSync } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ProcessSpec, RuntimeSpec } from "../../src/oci/runtime-spec.ts";

export const DOCKER_CAPABILITIES =
  "CHOWN DAC_OVERRIDE FSETID FOWNER MKNOD NET_RAW SETGID SETUID SETFCAP SETPCAP NET_BIND_SERVICE SYS_CHROOT KILL AUDIT_WRITE".split(" ");

/** A process as the engine describes it, run by root with Docker's capabilities. */
export function processSpec(args: readonly string[], more: Partial<ProcessSpec> = {}): ProcessSpec {
  return {
    args,
    env: ["PATH=/usr/bin:/bin", "HOME=/root"],
    cwd: "/",
    user: { uid: 0, gid: 0, additionalGids: [] },
    terminal: false,
    capabilities: DOCKER_CAPABILITIES,
    noNewPrivileges: false,
    rlimits: [],
    ...more,
  };
}

export function runtimeSpec(rootfs: string, network: string, process: ProcessSpec, more: Partial<RuntimeSpec> = {}): RuntimeSpec {
  return {
    ociVersion: "1.0.2",
    hostname: "box",
    process,
    root: { path: rootfs, readonly: false },
    mounts: [],
    linux: {
      maskedPaths: ["/proc/version", "/proc/not-there", "/sys/kernel"],
      readonlyPaths: ["/proc/sys"],
      sysctl: {},
      join: { network },
      shmSize: 1 << 20,
      cgroups: [],
    },
    ...more,
  };
}

/** A static busybox of the host, or null. */
export function findBusybox(): string | null {
  for (const path of ["/bin/busybox", "/usr/bin/busybox"]) {
    try {
      accessSync(path);
      if (!/=>/.test(execFileSync("ldd", [path], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }))) return path;
    } catch (error) {
      // `ldd` fails on a static program.
      if ((error as NodeJS.ErrnoException).code === undefined) return path;
    }
  }
  return null;
}

/** A temporary rootfs with busybox and its commands. */
export function busyboxRootfs(busybox: string): string {
  const rootfs = mkdtempSync(join(tmpdir(), "slipway-rootfs-"));
  chmodSync(rootfs, 0o755);
  for (const folder of ["bin", "etc", "root", "tmp"]) mkdirSync(join(rootfs, folder));
  copyFileSync(busybox, join(rootfs, "bin/busybox"));
  for (const name of execFileSync(busybox, ["--list"], { encoding: "utf8" }).trim().split("\n")) {
    if (name !== "busybox") symlinkSync("busybox", join(rootfs, "bin", name));
  }
  writeFileSync(join(rootfs, "etc/passwd"), "root:x:0:0:root:/root:/bin/sh\n");
  return rootfs;
}
