import { readFileSync } from "node:fs";

/** The process that runs our engine, among those of a handle's process tree. */
export function enginePid(root: number): number {
  for (const pid of [root, ...childrenOf(root)]) {
    if (readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("engine.js") && readFileSync(`/proc/${pid}/comm`, "utf8").startsWith("node"))
      return pid;
  }
  throw new Error(`no engine below ${root}`);
}

/** All below a process. */
export function childrenOf(pid: number): readonly number[] {
  const own = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ").filter(Boolean).map(Number);
  return own.flatMap((child) => [child, ...childrenOf(child)]);
}
