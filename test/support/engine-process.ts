import { readFileSync } from "node:fs";

/** The process that runs our engine, among those of a handle's process tree. */
export function enginePid(root: number): number {
  for (const pid of [root, ...childrenOf(root)]) {
    if (ofProcess(pid, "cmdline").includes("engine.js") && ofProcess(pid, "comm").startsWith("node")) return pid;
  }
  throw new Error(`no engine below ${root}`);
}

/** All below a process. */
export function childrenOf(pid: number): readonly number[] {
  const own = ofProcess(pid, `task/${pid}/children`).trim().split(" ").filter(Boolean).map(Number);
  return own.flatMap((child) => [child, ...childrenOf(child)]);
}

/** What /proc has of a process; the empty text when it has ended meanwhile. */
function ofProcess(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "utf8");
  } catch {
    return "";
  }
}
