import { InvalidArgumentError } from "../../base/errors.ts";

const NAMED: Readonly<Record<string, string>> = {
  enter: "\r",
  return: "\r",
  tab: "\t",
  space: " ",
  escape: "\x1b",
  esc: "\x1b",
  backspace: "\x7f",
  delete: "\x1b[3~",
  up: "\x1b[A",
  down: "\x1b[B",
  right: "\x1b[C",
  left: "\x1b[D",
  home: "\x1b[H",
  end: "\x1b[F",
  pageup: "\x1b[5~",
  pagedown: "\x1b[6~",
};

/**
 * What keys send to a terminal: names separated by spaces, such as `Ctrl-P Ctrl-Q`, `Enter`, `Up` or `q`; case does not matter in
 * names, nor whether it is `Ctrl-C` or `Ctrl+C`.
 * @throws InvalidArgumentError naming the first key that is none.
 */
export function parseKeys(keys: string): string {
  return keys
    .trim()
    .split(/\s+/)
    .map((key) => {
      const text = keyText(key);
      if (text === null) throw new InvalidArgumentError(`unknown key ${JSON.stringify(key)}`);
      return text;
    })
    .join("");
}

function keyText(key: string): string | null {
  if ([...key].length === 1) return key;
  // Ctrl clears all but the low five bits, as terminals have done it since there was ASCII.
  const [, held] = /^(?:ctrl|c)[-+]([a-z@[\\\]^_?])$/i.exec(key) ?? [];
  if (held === "?") return "\x7f";
  if (held !== undefined) return String.fromCharCode(held.toUpperCase().charCodeAt(0) & 0x1f);
  const [, meta] = /^(?:alt|meta)[-+](.)$/i.exec(key) ?? [];
  if (meta !== undefined) return `\x1b${meta}`;
  return Object.hasOwn(NAMED, key.toLowerCase()) ? (NAMED[key.toLowerCase()] ?? null) : null;
}
