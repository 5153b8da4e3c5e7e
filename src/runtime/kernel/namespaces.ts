import { closeSync, fstatSync, openSync, statSync } from "node:fs";
import { cFunction } from "./libc.ts";

/** CLONE_NEW*, for the namespaces that a single thread of a process can change alone. */
const CLONE = { net: 0x40000000, pid: 0x20000000, ipc: 0x08000000, uts: 0x04000000 } as const;

export type ThreadNamespace = keyof typeof CLONE;

/** What `inNamespaces` changes: each kind is a new namespace (`"new"`), or one to join, by a path (`/proc/PID/ns/net`, a bind mount of it) or open fd. */
export type NamespaceChange = { readonly [K in ThreadNamespace]?: "new" | { readonly path: string } | { readonly fd: number } };

const unshare = cFunction("unshare", "int", ["int"]);
const setns = cFunction("setns", "int", ["int", "int"]);

/** The main thread's own namespaces, opened once and kept: `setns` back must not fail for want of a descriptor. */
const home = new Map<ThreadNamespace, number>();

function homeOf(kind: ThreadNamespace): number {
  let fd = home.get(kind);
  if (fd === undefined) {
    fd = openSync(`/proc/thread-self/ns/${kind}`, "r");
    // Who may not come back must not leave: an engine in the host's network, which is not its user namespace's.
    setns(fd, CLONE[kind]);
    home.set(kind, fd);
  }
  return fd;
}

/**
 * Runs the **synchronous** `body` with this thread in other namespaces, and always comes back, also when `body` throws.
 * Nothing else of this process runs meanwhile on this thread; other threads (so: Node's asynchronous `fs`) stay where they are.
 *
 * - A socket opened in `body` belongs to the other network namespace for ever; it may be used after.
 * - A child spawned in `body` is born into the namespaces. With `pid`, the first child of a `"new"` one is its process 1, and `body` must not
 *   start threads (use no asynchronous `fs`, `dns`, `crypto`).
 * - A `"new"` network namespace dies with its last user: keep it by opening `/proc/thread-self/ns/net` in `body` and holding the fd (setns
 *   takes `/proc/self/fd/N`, others `/proc/PID/fd/N`), or by bind-mounting that path on a file; `newNetworkNamespace` does the former.
 *
 * ```ts
 * const fd = newNetworkNamespace();
 * const socket = inNamespaces({ net: { fd } }, () => openNetlink());
 * ```
 * @throws as Node's system errors (`EPERM`, `EINVAL`, …), with nothing changed.
 */
export function inNamespaces<T>(change: NamespaceChange, body: () => T): T {
  const kinds = (Object.keys(CLONE) as ThreadNamespace[]).filter((kind) => change[kind] !== undefined && !isOwn(kind, change[kind]));
  for (const kind of kinds) homeOf(kind);
  const changed: ThreadNamespace[] = [];
  try {
    for (const kind of kinds) {
      enter(kind, change[kind]);
      changed.push(kind);
    }
    return body();
  } finally {
    for (const kind of changed.reverse()) comeHome(kind);
  }
}

/** Makes a network namespace (with `lo` down in it) and returns a close-on-exec fd that keeps it alive until closed. */
export function newNetworkNamespace(): number {
  return inNamespaces({ net: "new" }, () => openSync("/proc/thread-self/ns/net", "r"));
}

/** Whether that is where this thread is anyway. */
function isOwn(kind: ThreadNamespace, into: NamespaceChange[ThreadNamespace]): boolean {
  if (into === undefined || into === "new") return false;
  const [there, here] = [
    "fd" in into ? fstatSync(into.fd, { bigint: true }) : statSync(into.path, { bigint: true }),
    statSync(`/proc/thread-self/ns/${kind}`, { bigint: true }),
  ];
  return there.ino === here.ino && there.dev === here.dev;
}

function enter(kind: ThreadNamespace, into: NamespaceChange[ThreadNamespace]): void {
  if (into === undefined) return;
  if (into === "new") {
    unshare(CLONE[kind]);
  } else if ("fd" in into) {
    setns(into.fd, CLONE[kind]);
  } else {
    const fd = openSync(into.path, "r");
    try {
      setns(fd, CLONE[kind]);
    } finally {
      closeSync(fd);
    }
  }
}

function comeHome(kind: ThreadNamespace): void {
  try {
    setns(homeOf(kind), CLONE[kind]);
  } catch (error) {
    // A main thread left in a container's namespaces would make every later decision about the wrong world.
    process.stderr.write(`slipway: cannot return to the own ${kind} namespace: ${String(error)}\n`);
    process.abort();
  }
}
