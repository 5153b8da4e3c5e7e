import { NotImplementedError } from "../../base/errors.ts";

/** asm/unistd.h: [x86_64, aarch64]. Calls whose numbers agree on both are those added since Linux 5.1. */
const NUMBERS = {
  capset: [126, 91],
  clone: [56, 220],
  close: [3, 57],
  close_range: [436, 436],
  dup3: [292, 24],
  execve: [59, 221],
  fchdir: [81, 50],
  fchownat: [260, 54],
  fsconfig: [431, 431],
  fsmount: [432, 432],
  fsopen: [430, 430],
  ioctl: [16, 29],
  keyctl: [250, 219],
  mknodat: [259, 33],
  mount: [165, 40],
  mount_setattr: [442, 442],
  move_mount: [429, 429],
  open_tree: [428, 428],
  openat: [257, 56],
  openat2: [437, 437],
  pivot_root: [155, 41],
  prctl: [157, 167],
  prlimit64: [302, 261],
  recvmsg: [47, 212],
  rt_sigprocmask: [14, 135],
  rt_sigtimedwait: [128, 137],
  sendmsg: [46, 211],
  setdomainname: [171, 162],
  setgroups: [116, 159],
  sethostname: [170, 161],
  setns: [308, 268],
  setresgid: [119, 149],
  setresuid: [117, 147],
  setsid: [112, 157],
  umount2: [166, 39],
  unshare: [272, 97],
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
