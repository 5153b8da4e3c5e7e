import { InvalidArgumentError } from "../../../base/errors.ts";

/** What a command runs with, as its caller sees it. */
export interface CommandLine {
  readonly cwd: string;
  /** Without the leading `docker`. */
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/**
 * Reads what `docker.pl` sends: the working directory, the number of words, the words, and then `NAME=value` for each variable, with a zero byte
 * between them, which no word can hold. @throws InvalidArgumentError
 */
export function parseCommandLine(body: Buffer): CommandLine {
  const [cwd = "", count = "", ...rest] = body.toString().split("\0");
  const words = Number(count);
  if (!cwd.startsWith("/") || !/^\d+$/.test(count) || words > rest.length) throw new InvalidArgumentError("invalid command line");
  const env = rest.slice(words).flatMap((variable) => {
    const at = variable.indexOf("=");
    return at < 1 ? [] : [[variable.slice(0, at), variable.slice(at + 1)] as const];
  });
  return { cwd, argv: rest.slice(0, words), env: Object.fromEntries(env) };
}
