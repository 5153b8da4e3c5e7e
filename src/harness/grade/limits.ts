import { parseDuration } from "../scenario/duration.ts";
import { defaultLimits, type SubmissionLimits } from "../targets/submission-limits.ts";
import type { Limits, Size } from "./exercise.generated.ts";

const UNITS: Readonly<Record<string, number>> = { k: 1024, M: 1024 ** 2, G: 1024 ** 3 };

/** An exercise's limits, completed by the usual ones. */
export function limitsOf(written: Limits, engineSocket: boolean): SubmissionLimits {
  const diskBytes = bytes(written.disk, defaultLimits.diskBytes);
  return {
    memory: bytes(written.memory, defaultLimits.memory),
    // What it writes to the disk is memory of the engine's.
    engineMemory: bytes(written.engineMemory, defaultLimits.engineMemory - defaultLimits.diskBytes + diskBytes),
    processes: written.processes ?? defaultLimits.processes,
    cpuSeconds: written.cpuTime === undefined ? defaultLimits.cpuSeconds : Math.max(1, Math.ceil(parseDuration(written.cpuTime) / 1000)),
    fileBytes: bytes(written.fileSize, defaultLimits.fileBytes),
    diskBytes,
    diskFiles: written.files ?? defaultLimits.diskFiles,
    openFiles: written.openFiles ?? defaultLimits.openFiles,
    outputBytes: bytes(written.output, defaultLimits.outputBytes),
    engineSocket,
  };
}

/** `512k` and the like, as the schema allows them. */
function bytes(size: Size | undefined, otherwise: number): number {
  if (size === undefined || typeof size === "number") return size ?? otherwise;
  return Number.parseInt(size, 10) * (UNITS[size.at(-1) ?? ""] ?? 1);
}
