import { syscallTable } from "./syscall-numbers.ts";

/** MOUNT_ATTR_* of mount_setattr(2) and fsmount(2). */
export const mountAttributes = { readonly: 1, nosuid: 2, nodev: 4, noexec: 8, noatime: 0x10, strictatime: 0x20, nodiratime: 0x80 } as const;

/** CLONE_NEW* for `unshare`. */
export const cloneFlags = {
  mount: 0x20000,
  cgroup: 0x2000000,
  uts: 0x4000000,
  ipc: 0x8000000,
  user: 0x10000000,
  pid: 0x20000000,
  net: 0x40000000,
} as const;

/**
 * One step that `init.pl` performs in a new process; the list is decided here and applied there, in order, and the first failure ends it
 * (unless the step is `optional`). `id` names a mount between the step that makes it and the one that attaches it.
 */
export type InitOp = { readonly optional?: boolean } & (
  | { readonly op: "unshare"; readonly flags: number }
  /** Paths of namespaces, all opened before the first is joined. */
  | { readonly op: "setns"; readonly paths: readonly string[] }
  | { readonly op: "propagation"; readonly kind: "private" | "slave" }
  /** Makes the mount at a path read-only, `recursive`: those below it too. */
  | { readonly op: "set_readonly"; readonly path: string; readonly recursive: boolean }
  /** `recursive`: with what is mounted below it, `readonly`: which is read-only then, too. */
  | {
      readonly op: "clone_tree";
      readonly id: string;
      readonly path: string;
      readonly recursive: boolean | "readonly";
      readonly attributes: number;
    }
  /** As clone_tree, of a user's path; what is at `own` is refused, and hidden in what lies above it. */
  | {
      readonly op: "clone_outside";
      readonly id: string;
      readonly path: string;
      readonly recursive: boolean | "readonly";
      readonly attributes: number;
      readonly own: string;
      /** When given, what is not at or below one of these is refused. */
      readonly within?: readonly string[];
    }
  | { readonly op: "make_fs"; readonly id: string; readonly type: string; readonly attributes: number; readonly options: readonly string[] }
  /** A new sysfs, or the engine's own where no new one may be made. */
  | { readonly op: "make_sysfs"; readonly id: string; readonly attributes: number }
  /** The destination is resolved below "/", made when it is missing, and no link leads out. */
  | { readonly op: "attach"; readonly id: string; readonly destination: string }
  /** As `attach`, but refuses a link on the way. */
  | { readonly op: "attach_kernel"; readonly id: string; readonly destination: string }
  | { readonly op: "pivot"; readonly root: string }
  | { readonly op: "drop_old_root" }
  | { readonly op: "mask"; readonly path: string }
  | { readonly op: "readonly"; readonly path: string }
  | { readonly op: "readonly_root" }
  | { readonly op: "bind_file"; readonly from: string; readonly to: string }
  | { readonly op: "open"; readonly id: string; readonly path: string }
  | { readonly op: "symlink"; readonly target: string; readonly path: string }
  | { readonly op: "mkdir"; readonly path: string; readonly mode: number }
  | { readonly op: "create"; readonly path: string; readonly content: string; readonly mode: number }
  /** Into a file that is there. */
  | { readonly op: "write"; readonly path: string; readonly content: string }
  | { readonly op: "sysctl"; readonly name: string; readonly value: string }
  | { readonly op: "hostname"; readonly name: string }
  | { readonly op: "domainname"; readonly name: string }
  | { readonly op: "setsid" }
  /** A new session on this terminal, which becomes descriptors 0, 1 and 2. */
  | { readonly op: "terminal"; readonly path: string }
  | { readonly op: "own_stdio"; readonly uid: number }
  /** RLIMIT_* by number; -1 is unlimited. */
  | { readonly op: "rlimit"; readonly resource: number; readonly soft: number; readonly hard: number }
  /** The capabilities, by number, that stay in the bounding set. */
  | { readonly op: "bound"; readonly capabilities: readonly number[] }
  | { readonly op: "no_new_privileges" }
  /** A new, empty one: that of whoever started us has their keys. */
  | { readonly op: "session_keyring" }
  /** No sockets of AF_VSOCK, for this process and all that it starts: they are in no network namespace, and reach the machine and its host. */
  | { readonly op: "no_vsock" }
  | { readonly op: "die_with_parent"; readonly signal: number }
  | { readonly op: "ids"; readonly uid: number; readonly gid: number; readonly groups: readonly number[] }
  /** Effective and permitted, by number; nothing is inheritable. */
  | { readonly op: "capabilities"; readonly capabilities: readonly number[] }
  | { readonly op: "umask"; readonly mask: number }
  | { readonly op: "cwd"; readonly path: string }
  | { readonly op: "loopback_up" }
  /** The program is looked for in the PATH of `env`, where the process then is. */
  | { readonly op: "exec"; readonly args: readonly string[]; readonly env: readonly string[] }
  /** What follows is a child's, whose end leaves a process with its number in `pidFile`; this one stays as that one's parent (see init.pl). */
  | {
      readonly op: "supervise";
      readonly pidFile: string;
      /** Where a terminal's master comes in; "" without one. */
      readonly console: string;
      /** The program that lets the process go; empty when nothing holds it. */
      readonly start: readonly string[];
    }
  /** As `exec`, in a child; this process stays, as its init. */
  | { readonly op: "init"; readonly args: readonly string[]; readonly env: readonly string[] }
);

/** The whole message for `init.pl`: its length in four bytes, the table of system calls, then each of `parts`, counted strings all. */
export function initMessage(...parts: readonly Uint8Array[]): Buffer {
  const numbers = Object.entries(syscallTable()).map(([name, number]) => `${name}=${number}`);
  const body = counted([numbers.join(" "), ...parts]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(body.length);
  return Buffer.concat([length, body]);
}

/** A list of operations as `init.pl` reads it. */
export function encodeOps(ops: readonly InitOp[]): Buffer {
  return counted(ops.map((op) => counted([(op.optional === true ? "?" : "") + op.op, ...argumentsOf(op)])));
}

/** A list of strings, each after its length in four bytes: perl's `(N/a*)*`. */
export function counted(parts: readonly (string | Uint8Array)[]): Buffer {
  return Buffer.concat(
    parts.flatMap((part) => {
      const bytes = Buffer.from(part as string);
      const length = Buffer.alloc(4);
      length.writeUInt32BE(bytes.length);
      return [length, bytes];
    }),
  );
}

function argumentsOf(op: InitOp): readonly string[] {
  switch (op.op) {
    case "unshare":
      return [`${op.flags}`];
    case "setns":
      return op.paths;
    case "propagation":
      return [op.kind];
    case "clone_tree":
      return [op.id, op.path, recursion(op.recursive), `${op.attributes}`];
    case "clone_outside":
      return [op.id, op.path, recursion(op.recursive), `${op.attributes}`, op.own, ...(op.within ?? [])];
    case "make_fs":
      return [op.id, op.type, `${op.attributes}`, ...op.options];
    case "make_sysfs":
      return [op.id, `${op.attributes}`];
    case "attach":
    case "attach_kernel":
      return [op.id, op.destination];
    case "pivot":
      return [op.root];
    case "mask":
    case "readonly":
    case "terminal":
    case "cwd":
      return [op.path];
    case "bind_file":
      return [op.from, op.to];
    case "open":
      return [op.id, op.path];
    case "symlink":
      return [op.target, op.path];
    case "mkdir":
      return [op.path, `${op.mode}`];
    case "create":
      return [op.path, op.content, `${op.mode}`];
    case "write":
      return [op.path, op.content];
    case "set_readonly":
      return [op.path, op.recursive ? "1" : ""];
    case "sysctl":
      return [op.name, op.value];
    case "hostname":
    case "domainname":
      return [op.name];
    case "own_stdio":
      return [`${op.uid}`];
    case "rlimit":
      return [`${op.resource}`, `${op.soft}`, `${op.hard}`];
    case "bound":
      return op.capabilities.map(String);
    case "die_with_parent":
      return [`${op.signal}`];
    case "ids":
      return [`${op.uid}`, `${op.gid}`, ...op.groups.map(String)];
    case "capabilities":
      return capabilityWords(op.capabilities).map(String);
    case "umask":
      return [`${op.mask}`];
    case "exec":
    case "init":
      return [`${op.args.length}`, ...op.args, ...op.env];
    case "supervise":
      return [op.pidFile, op.console, ...op.start];
    case "drop_old_root":
    case "readonly_root":
    case "setsid":
    case "no_new_privileges":
    case "session_keyring":
    case "no_vsock":
    case "loopback_up":
      return [];
  }
}

function recursion(recursive: boolean | "readonly"): string {
  return recursive === "readonly" ? recursive : recursive ? "1" : "";
}

/** The low and the high 32 bits of a capability set, as capset(2) takes them. */
function capabilityWords(capabilities: readonly number[]): readonly [number, number] {
  const words: [number, number] = [0, 0];
  for (const capability of capabilities) {
    const word = capability < 32 ? 0 : 1;
    words[word] = (words[word] | (1 << (capability % 32))) >>> 0;
  }
  return words;
}
