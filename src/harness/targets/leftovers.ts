import { existsSync, readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

/** So long what ends just now may take to be gone. */
const GRACE_MS = 1000;

/** What `look` finds, a line each, looked at again as long as something is about to go. */
export async function lasting(look: () => readonly string[]): Promise<readonly string[]> {
  const limit = performance.now() + GRACE_MS;
  for (;;) {
    const found = look();
    if (found.length === 0 || performance.now() > limit) return found;
    await sleep(20);
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
  return readdirSync("/proc").flatMap((name) => {
    if (!/^\d+$/.test(name) || name === String(process.pid)) return [];
    try {
      const command = readFileSync(`/proc/${name}/cmdline`, "latin1");
      // One that has ended and is not reaped yet has neither.
      return command !== "" && test(`${command}\0${readFileSync(`/proc/${name}/environ`, "latin1")}`)
        ? [Buffer.from(command, "latin1").toString().replaceAll("\0", " ").trim().slice(0, 200)]
        : [];
    } catch {
      return [];
    }
  });
}
