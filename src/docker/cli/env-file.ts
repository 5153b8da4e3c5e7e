import { hasErrno } from "../../base/errors.ts";
import type { CommandContext } from "./command.ts";
import { readFileText } from "./file-streams.ts";

/**
 * The `NAME=value` lines of `--env-file` and `--label-file`: empty lines and those that start with `#` are left out.
 * @throws Error in docker's words.
 */
export async function readKeyValueFile(path: string, context: Pick<CommandContext, "files">): Promise<readonly string[]> {
  let text: string;
  try {
    text = await readFileText(path, context);
  } catch (error) {
    if (hasErrno(error, "ENOENT")) throw new Error(`open ${path}: no such file or directory`, { cause: error });
    if (hasErrno(error, "EACCES")) throw new Error(`open ${path}: permission denied`, { cause: error });
    if (hasErrno(error, "EISDIR")) throw new Error(`read ${path}: is a directory`, { cause: error });
    throw error;
  }
  const lines = text.replace(/^\uFEFF/, "").split(/\r?\n/);
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
