import { closeSync, existsSync, openSync, readFileSync, readSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { processIds } from "./process-ids.ts";

/** So long what ends just now may take to be gone, on a host that is busy with others. */
const GRACE_MS = 4000;
const FIRST_PAUSE_MS = 20;
const LONGEST_PAUSE_MS = 320;

/** What `look` finds, a line each, looked at again as long as something is about to go, and less often the longer it takes. */
export async function lasting(look: () => readonly string[]): Promise<readonly string[]> {
  const limit = performance.now() + GRACE_MS;
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(2 * pause, LONGEST_PAUSE_MS)) {
    const found = look();
    if (found.length === 0 || performance.now() > limit) return found;
    await sleep(pause);
  }
}

/** What the host still has of a root that lived in `directory`: the directory, mounts below it, processes that name it. */
export function leftoversOf(directory: string): readonly string[] {
  const below = `${directory}/`;
  const mounts = readFileSync("/proc/self/mountinfo", "utf8")
    .split("\n")
    .filter((line) => line.includes(below))
    .map((line) => `the mount ${line.split(" ")[4] ?? line}`);
  const processes = processesWith((about) => about.includes(below)).map((command) => `the process ${command}`);
  return [...(existsSync(directory) ? [`the directory ${directory}`] : []), ...mounts, ...processes];
}

/** The command lines of processes, ours excepted, whose command line and environment together satisfy `test`. */
export function processesWith(test: (about: string) => boolean): readonly string[] {
  return processIds().flatMap((name) => {
    try {
      const command = readProc(name, "cmdline");
      // One that has ended and is not reaped yet has neither.
      return command !== "" && test(`${command}\0${readProc(name, "environ")}`)
        ? [Buffer.from(command, "latin1").toString().replaceAll("\0", " ").trim().slice(0, 200)]
        : [];
    } catch {
      return [];
    }
  });
}

// Of files of /proc nobody knows the size, and Node would take as much anew for each of the hundreds that are read after every scenario.
const piece = Buffer.allocUnsafe(64 << 10);

/** A file of a process, bytes as Latin-1. @throws what Node's `openSync` and `readSync` throw, for a process that is gone. */
export function readProc(pid: string, file: "cmdline" | "environ"): string {
  const opened = openSync(`/proc/${pid}/${file}`, "r");
  try {
    let text = "";
    for (;;) {
      const count = readSync(opened, piece);
      if (count === 0) return text;
      text += piece.toString("latin1", 0, count);
    }
  } finally {
    closeSync(opened);
  }
}
