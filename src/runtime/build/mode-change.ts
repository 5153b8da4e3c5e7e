import { InvalidArgumentError } from "../../base/errors.ts";

/** The permissions that a file gets which has `mode` now. */
export type ModeChange = (mode: number, isDirectory: boolean) => number;

const whoBits: Readonly<Record<string, number>> = { u: 0o4700, g: 0o2070, o: 0o1007, a: 0o7777 };

/**
 * Reads `--chmod`: octal, or since Dockerfile 1.14 chmod's words, `u=rwX,go=rX`. BuildKit's mask is empty, so that `+x` is everybody's.
 * @throws InvalidArgumentError
 */
export function parseModeChange(text: string): ModeChange {
  if (/^[0-7]+$/.test(text) && Number.parseInt(text, 8) <= 0o7777) {
    const mode = Number.parseInt(text, 8);
    return () => mode;
  }
  if (/^\d/.test(text))
    throw new InvalidArgumentError(`invalid chmod parameter: '${text}'. it should be octal string and between 0 and 07777`);
  const clauses = text.split(",").flatMap((clause) => readClause(text, clause));
  return (mode, isDirectory) => clauses.reduce((now, change) => change(now, isDirectory), mode & 0o7777);
}

function readClause(text: string, clause: string): readonly ModeChange[] {
  const [, who = "", actions = ""] = /^([ugoa]*)((?:[-+=](?:[rwxXst]*|[ugo]))+)$/.exec(clause) ?? [];
  if (actions === "")
    throw new InvalidArgumentError(`invalid chmod parameter: '${text}'. it should be octal or symbolic, such as u=rwX,go=rX`);
  const mask = [...(who || "a")].reduce((bits, one) => bits | (whoBits[one] ?? 0), 0);
  return [...actions.matchAll(/([-+=])([a-zA-Z]*)/g)].map(([, operator = "", letters = ""]) => (mode, isDirectory) => {
    const bits = bitsOf(letters, mode, isDirectory) & mask;
    if (operator === "+") return mode | bits;
    if (operator === "-") return mode & ~bits;
    // Of a directory chmod keeps setuid and setgid that are not said.
    return (mode & ~(mask & (isDirectory ? 0o1777 : 0o7777))) | bits;
  });
}

/** What letters stand for, for everybody. */
function bitsOf(letters: string, mode: number, isDirectory: boolean): number {
  if (letters === "u") return spread(mode >> 6);
  if (letters === "g") return spread(mode >> 3);
  if (letters === "o") return spread(mode);
  const isExecutable = isDirectory || (mode & 0o111) !== 0;
  const values: Readonly<Record<string, number>> = { r: 0o444, w: 0o222, x: 0o111, X: isExecutable ? 0o111 : 0, s: 0o6000, t: 0o1000 };
  return [...letters].reduce((bits, letter) => bits | (values[letter] ?? 0), 0);
}

function spread(bits: number): number {
  return (bits & 7) * 0o111;
}
