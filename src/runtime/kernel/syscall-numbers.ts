import { NotImplementedError } from "../../base/errors.ts";

/** asm/unistd.h: [x86_64, aarch64]. Calls whose numbers agree on both are those added since Linux 5.1. */
const NUMBERS = {
  ioctl: [16, 29],
  fork: [57, -1],
  clone: [56, 220],
  setsid: [112, 157],
  mkdirat: [258, 34],
  mknodat: [259, 33],
  symlinkat: [266, 36],
  unlinkat: [263, 35],
  fchownat: [260, 54],
  fchdir: [81, 50],
  openat2: [437, 437],
  mount: [165, 40],
  umount2: [166, 39],
  pivot_root: [155, 41],
  unshare: [272, 97],
  setns: [308, 268],
  sethostname: [170, 161],
  setdomainname: [171, 162],
  prctl: [157, 167],
  capset: [126, 91],
  setgroups: [116, 159],
  setresuid: [117, 147],
  setresgid: [119, 149],
  prlimit64: [302, 261],
  dup3: [292, 24],
  close_range: [436, 436],
} as const satisfies Record<string, readonly [number, number]>;

export type Syscall = keyof typeof NUMBERS;

/** The number of a system call on this machine. @throws NotImplementedError on an architecture we have no table for. */
export function syscallNumber(name: Syscall, arch: string = process.arch): number {
  const [x64, arm64] = NUMBERS[name];
  if (arch === "x64") return x64;
  if (arch === "arm64") return arm64;
  throw new NotImplementedError(`containers need an x86_64 or aarch64 machine; this one is ${arch}`);
}

/** All of them, for a program that is not TypeScript. */
export function syscallTable(arch: string = process.arch): Readonly<Record<Syscall, number>> {
  return Object.fromEntries(Object.keys(NUMBERS).map((name) => [name, syscallNumber(name as Syscall, arch)])) as Record<Syscall, number>;
}
