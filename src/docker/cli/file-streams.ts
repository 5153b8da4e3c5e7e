import { createReadStream, createWriteStream } from "node:fs";
import { open, rename, rm, stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { randomBytes } from "node:crypto";
import { hasErrno } from "../../base/errors.ts";
import { StatusError } from "./cli-errors.ts";
import type { CommandContext } from "./command.ts";

/** Opens a file to read. @throws StatusError in Go's words, `open x: no such file or directory`. */
export async function readFileStream(path: string, { cwd }: Pick<CommandContext, "cwd">): Promise<Readable> {
  try {
    const file = await open(resolve(cwd, path), "r");
    return createReadStream("", { fd: file, autoClose: true });
  } catch (error) {
    throw new StatusError(`open ${path}: ${goErrno(error)}`);
  }
}

/**
 * Writes a stream to a file, which appears whole or not at all. @throws the stream's error.
 */
export async function writeFileStream(path: string, source: Readable, { cwd }: Pick<CommandContext, "cwd">): Promise<void> {
  const target = resolve(cwd, path);
  const temporary = `${target}.${randomBytes(4).toString("hex")}.tmp`;
  try {
    await pipeline(source, createWriteStream(temporary, { flags: "wx", mode: 0o600 }));
    await rename(temporary, target);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** Refuses an output file whose folder is not there, before anything is asked of the engine. @throws StatusError in docker's words. */
export async function checkOutputPath(path: string, what: string, { cwd }: Pick<CommandContext, "cwd">): Promise<void> {
  const fail = (reason: string): never => {
    throw new StatusError(`failed to ${what}: ${reason}`);
  };
  const folder = dirname(path);
  await stat(resolve(cwd, folder)).catch((error: unknown) => fail(`invalid output path: stat ${folder}: ${goErrno(error)}`));
  const target = await stat(resolve(cwd, path)).catch(() => null);
  if (target && !target.isFile()) fail(`invalid output path: ${JSON.stringify(path)} must be a directory or a regular file`);
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
