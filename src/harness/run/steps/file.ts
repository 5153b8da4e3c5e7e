import { lstat, readdir, readFile, readlink } from "node:fs/promises";
import { basename, join } from "node:path";
import { buffer } from "node:stream/consumers";
import tar, { type Pack } from "tar-stream";
import { messageOf } from "../../../base/errors.ts";
import type { StepAction } from "../../plan/plan.ts";
import type { StepOutcome } from "../observe/observation.ts";
import { startProcess, type StepContext } from "../step-context.ts";
import { outcomeOfProcess } from "./outcome.ts";

type Action<K> = Extract<StepAction, { kind: K }>;

/**
 * Writes a file of the work directory. It is written where steps run and with their rights, not by us: a link that a
 * submission laid there leads nowhere that the submission could not write itself.
 */
export async function writeStepFile({ path, content, mode }: Action<"write">, context: StepContext): Promise<StepOutcome> {
  const script = 'mkdir -p -- "$(dirname -- "$0")" && cat > "$0" && chmod "$1" "$0"';
  return await byShell(script, [path, octal(mode)], content, `cannot write ${path}`, context);
}

/** Copies a file or folder of the work directory. */
export async function copyStepFile({ from, to }: Action<"copy">, context: StepContext): Promise<StepOutcome> {
  const script = 'mkdir -p -- "$(dirname -- "$1")" && cp -a -- "$0" "$1"';
  return await byShell(script, [from, to], "", `cannot copy ${from}`, context);
}

/** Puts a file or folder from beside the scenario's file into the work directory. */
export async function writeFixture({ path, source, mode }: Action<"fixture">, context: StepContext): Promise<StepOutcome> {
  const stats = await lstat(source);
  if (!stats.isDirectory()) {
    const script = 'mkdir -p -- "$(dirname -- "$0")" && cat > "$0" && chmod "$1" "$0"';
    const bits = octal(mode ?? stats.mode & 0o777);
    return await byShell(script, [path, bits], await readFile(source), `cannot write ${path}`, context);
  }
  const pack = tar.pack();
  const packed = buffer(pack);
  await packFolder(pack, source, "");
  pack.finalize();
  const script = 'mkdir -p -- "$0" && tar -x -o -f - -C "$0" && { [ -z "$1" ] || chmod "$1" "$0"; }';
  return await byShell(script, [path, mode === null ? "" : octal(mode)], await packed, `cannot write ${path}`, context);
}

async function packFolder(pack: Pack, folder: string, prefix: string): Promise<void> {
  for (const name of (await readdir(folder)).toSorted()) {
    const place = join(folder, name);
    const stats = await lstat(place);
    const header = { name: `${prefix}${basename(name)}`, mode: stats.mode & 0o777, mtime: stats.mtime };
    if (stats.isDirectory()) {
      pack.entry({ ...header, type: "directory" });
      await packFolder(pack, place, `${header.name}/`);
    } else if (stats.isSymbolicLink()) pack.entry({ ...header, type: "symlink", linkname: await readlink(place) });
    else if (stats.isFile()) pack.entry(header, await readFile(place));
  }
}

async function byShell(
  script: string,
  args: readonly string[],
  stdin: string | Uint8Array,
  what: string,
  context: StepContext,
): Promise<StepOutcome> {
  const startedAt = performance.now();
  const process = startProcess(["/bin/sh", "-c", script, ...args], stdin, context);
  return await outcomeOfProcess(process, startedAt, context).catch((error: unknown) => {
    context.signal.throwIfAborted();
    throw new Error(`${what}: ${messageOf(error)}`, { cause: error });
  });
}

function octal(mode: number): string {
  return mode.toString(8).padStart(4, "0");
}
