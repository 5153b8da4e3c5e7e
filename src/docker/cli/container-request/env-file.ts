import { isUtf8 } from "node:buffer";
import { hasErrno, messageOf } from "../../../base/errors.ts";
import type { CommandContext } from "../command.ts";
import { scanLines } from "../files/scan-lines.ts";

const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);

/** What the lines of a file may come to; a process could not be given more. */
const MOST_BYTES = 16 * 1024 * 1024;

/**
 * The `NAME=value` lines of `--env-file` and `--label-file`: empty lines and those that start with `#` are left out.
 * @throws Error in docker's words, at the first line that is wrong.
 */
async function readKeyValueFile(path: string, context: Pick<CommandContext, "files">): Promise<readonly string[]> {
  const invalid = (reason: string, cause?: unknown): Error => new Error(`invalid env file (${path}): ${reason}`, { cause });
  const lines: string[] = [];
  let [number, size] = [0, 0];
  try {
    for await (const bytes of scanLines((await context.files.read(path)) as AsyncIterable<Buffer>)) {
      number += 1;
      size += bytes.length;
      if (size > MOST_BYTES) throw new Error(`its lines are more than ${MOST_BYTES} bytes`);
      if (!isUtf8(bytes)) throw new Error(`invalid utf8 bytes at line ${number}: [${[...bytes].join(" ")}]`);
      const hasMark = number === 1 && bytes.subarray(0, BYTE_ORDER_MARK.length).equals(BYTE_ORDER_MARK);
      const line = bytes.toString("utf8", hasMark ? BYTE_ORDER_MARK.length : 0).trimStart();
      if (line === "" || line.startsWith("#")) continue;
      const [name = ""] = line.split("=", 1);
      if (name === "") throw new Error(`no variable name on line '${line}'`);
      if (/\s/.test(name)) throw new Error(`variable '${name}' contains whitespaces`);
      lines.push(line);
    }
  } catch (error) {
    if (hasErrno(error, "ENOENT")) throw new Error(`open ${path}: no such file or directory`, { cause: error });
    if (hasErrno(error, "EACCES")) throw new Error(`open ${path}: permission denied`, { cause: error });
    throw invalid(hasErrno(error, "EISDIR") ? `read ${path}: is a directory` : messageOf(error), error);
  }
  return lines;
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
