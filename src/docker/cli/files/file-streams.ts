import { dirname } from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { hasErrno } from "../../../base/errors.ts";
import { StatusError } from "../cli-errors.ts";
import type { CommandContext } from "../command.ts";

/** Opens a file to read. @throws StatusError in Go's words, `open x: no such file or directory`. */
export async function readFileStream(path: string, { files }: Pick<CommandContext, "files">): Promise<Readable> {
  try {
    return await files.read(path);
  } catch (error) {
    throw new StatusError(`open ${path}: ${goErrno(error)}`);
  }
}

/** What a file of at most `limit` bytes holds. @throws the system's error, or an Error for a larger one. */
export async function readFileBytes(path: string, limit: number, { files }: Pick<CommandContext, "files">): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of (await files.read(path)) as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > limit) throw new Error(`larger than ${limit} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Refuses an output file whose folder is not there, before anything is asked of the engine. @throws StatusError in docker's words. */
export async function checkOutputPath(path: string, what: string, { files }: Pick<CommandContext, "files">): Promise<void> {
  const fail = (reason: string): never => {
    throw new StatusError(`failed to ${what}: ${reason}`);
  };
  const folder = dirname(path);
  await files.kindOf(folder).catch((error: unknown) => fail(`invalid output path: stat ${folder}: ${goErrno(error)}`));
  const kind = await files.kindOf(path).catch(() => null);
  if (kind !== null && kind !== "file") fail(`invalid output path: ${JSON.stringify(path)} must be a directory or a regular file`);
}

/** Copies a stream to stdout without ending it. */
export async function writeToStdout(source: Readable, stdout: CommandContext["stdout"]): Promise<void> {
  await pipeline(source, stdout, { end: false });
}

/** What Go prints for a system error. */
export function goErrno(error: unknown): string {
  if (hasErrno(error, "ENOENT")) return "no such file or directory";
  if (hasErrno(error, "EACCES")) return "permission denied";
  if (hasErrno(error, "EISDIR")) return "is a directory";
  if (hasErrno(error, "ENOTDIR")) return "not a directory";
  return error instanceof Error ? error.message : String(error);
}
