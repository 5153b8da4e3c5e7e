import { isUtf8 } from "node:buffer";
import { hasErrno } from "../../../base/errors.ts";
import type { CommandContext } from "../command.ts";
import { readFileBytes } from "../files/file-streams.ts";

/**
 * The `NAME=value` lines of `--env-file` and `--label-file`: empty lines and those that start with `#` are left out.
 * @throws Error in docker's words.
 */
async function readKeyValueFile(path: string, context: Pick<CommandContext, "files">): Promise<readonly string[]> {
  let bytes: Buffer;
  try {
    bytes = await readFileBytes(path, context);
  } catch (error) {
    if (hasErrno(error, "ENOENT")) throw new Error(`open ${path}: no such file or directory`, { cause: error });
    if (hasErrno(error, "EACCES")) throw new Error(`open ${path}: permission denied`, { cause: error });
    if (hasErrno(error, "EISDIR")) throw new Error(`invalid env file (${path}): read ${path}: is a directory`, { cause: error });
    throw error;
  }
  const lines = linesOf(bytes, path);
  return lines
    .map((line) => line.trimStart())
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => {
      const name = line.split("=", 1).join("");
      if (name === "") throw new Error(`invalid env file (${path}): no variable name on line '${line}'`);
      if (/\s/.test(name)) throw new Error(`invalid env file (${path}): variable '${name}' contains whitespaces`);
      return line;
    });
}

function linesOf(bytes: Buffer, path: string): readonly string[] {
  if (isUtf8(bytes))
    return bytes
      .toString()
      .replace(/^\uFEFF/, "")
      .split(/\r?\n/);
  // A byte as a character each: no line is lost or cut.
  const wrong = bytes
    .toString("latin1")
    .split("\n")
    .map((line) => Buffer.from(line, "latin1"));
  const at = wrong.findIndex((line) => !isUtf8(line));
  throw new Error(`invalid env file (${path}): invalid utf8 bytes at line ${at + 1}: [${[...(wrong[at] ?? [])].join(" ")}]`);
}

/** What `readKeyValueFile` gives of each, one after another: a caller reads one file at a time. */
export async function readKeyValueFiles(paths: readonly string[], context: Pick<CommandContext, "files">): Promise<readonly string[]> {
  const lines: string[] = [];
  for (const path of paths) lines.push(...(await readKeyValueFile(path, context)));
  return lines;
}

/** A name alone takes its value from the caller's environment, and is left out when it has none there. */
export function withValues(variables: readonly string[], env: CommandContext["env"]): readonly string[] {
  return variables.flatMap((variable) => {
    if (variable.includes("=")) return [variable];
    const value = env[variable];
    return value === undefined ? [] : [`${variable}=${value}`];
  });
}

/** `name=value` texts as a record; a name alone is empty. */
export function recordOf(pairs: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.indexOf("=");
      return at < 0 ? [pair, ""] : [pair.slice(0, at), pair.slice(at + 1)];
    }),
  );
}
