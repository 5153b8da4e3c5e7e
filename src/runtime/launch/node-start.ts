import { createHash } from "node:crypto";
import { cachedDataVersionTag } from "node:v8";
import type { RootLimits } from "../../base/root-limits.ts";

const flags: readonly string[] = [
  // A young generation of 16 MB, Node's usual one, is only ever filled here, and stays. Of a large image every 8 MB are collected: four more threads
  // to help with half a millisecond's work take longer to wake than it lasts, and a third of an export's processor time.
  "--max-semi-space-size=4",
  // From the start: it would begin with 1 MB, and collect twice, in 20 ms, while the engine comes up and keeps all of it.
  "--min-semi-space-size=4",
  "--single-threaded-gc",
  // Node's own modules come compiled then, in the snapshot, down to the last function, and not only as far as loading them runs.
  "--no-lazy",
  // Some fifteen times what Node waits before it optimizes a function: most engines are gone before that has paid, and a sixteenth of their time went to it.
  "--interrupt-budget=1000000",
  "--no-warnings",
];

/** What Node is started with for an engine. The build compiles the engine with the same, for what V8 makes of it depends on them. */
export function engineFlags(limits: RootLimits | undefined): readonly string[] {
  const heap = heapLimit(limits);
  return heap === null ? flags : [`--max-old-space-size=${heap}`, ...flags];
}

/** Where the build puts the snapshot that an engine with these limits starts from, below the package. */
export const engineSnapshot = (limits: RootLimits | undefined): string => snapshot("engine", engineFlags(limits));

/** And the one that our docker starts from, where it needs a process of its own. */
export const dockerSnapshot = (): string => snapshot("cli/docker", dockerFlags);

/**
 * Node ends at once with a snapshot of another version, other flags or another processor, so its name tells which it is for; `cachedDataVersionTag` is of
 * a Node without flags on either side.
 */
function snapshot(name: string, flagsOfNode: readonly string[]): string {
  const made = createHash("sha256")
    .update(`${process.version} ${cachedDataVersionTag()} ${flagsOfNode.join(" ")}`)
    .digest("hex");
  return `dist/bundle/${name}-${made.slice(0, 12)}.blob`;
}

/** What Node is started with for our docker, when from its snapshot. */
export const dockerFlags: readonly string[] = ["--no-lazy"];

/** In MiB. It holds without cgroups, too; buffers are beside it. */
function heapLimit(limits: RootLimits | undefined): number | null {
  return limits === undefined ? null : Math.ceil(limits.engineMemory / 2 / 1024 ** 2);
}
