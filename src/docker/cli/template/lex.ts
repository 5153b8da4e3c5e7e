import { TemplateError } from "./template-error.ts";

export interface Token {
  readonly kind: "space" | "field" | "variable" | "word" | "dot" | "string" | "char" | "number" | "mark" | "other";
  readonly text: string;
  /** Where it starts in the template. */
  readonly at: number;
}

/** A template cut into plain text and the tokens of its `{{…}}`. */
export type Piece =
  { readonly kind: "text"; readonly text: string } | { readonly kind: "action"; readonly at: number; readonly tokens: readonly Token[] };

/**
 * Cuts a template at its `{{` and `}}`, and drops the white space that `{{-` and `-}}` trim, and comments.
 * @throws TemplateError in Go's words, `unclosed action`.
 */
export function lexTemplate(source: string): readonly Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  let trimNext = false;
  while (at <= source.length) {
    const open = source.indexOf("{{", at);
    let text = source.slice(at, open < 0 ? undefined : open);
    if (trimNext) text = text.replace(/^[ \t\r\n]+/, "");
    const trims = open >= 0 && /^-[ \t\r\n]/.test(source.slice(open + 2, open + 4));
    if (trims) text = text.replace(/[ \t\r\n]+$/, "");
    if (text !== "") pieces.push({ kind: "text", text });
    if (open < 0) break;
    const start = open + (trims ? 4 : 2);
    if (source.startsWith("/*", start)) {
      const end = source.indexOf("*/", start);
      if (end < 0) throw new TemplateError(source, start, "unclosed comment");
      const close = /^(?:[ \t\r\n]-)?\}\}/.exec(source.slice(end + 2))?.[0];
      if (close === undefined) throw new TemplateError(source, end, "comment ends before closing delimiter");
      trimNext = close.length > 2;
      at = end + 2 + close.length;
      continue;
    }
    const action = lexAction(source, start);
    pieces.push({ kind: "action", at: open, tokens: action.tokens });
    trimNext = action.trims;
    at = action.end;
  }
  return pieces;
}

const SPACE = /[ \t\r\n]+/y;
const NUMBER = /[+-]?(?:0[xX][0-9a-fA-F_]+|0[bB][01_]+|0[oO][0-7_]+|\d[\d_]*(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?)/y;
const WORD = /[\p{L}_][\p{L}\p{N}_]*/uy;
const CHAR = /'(?:[^'\\\n]|\\.[^'\n]*)'/y;
const STRING = /"(?:[^"\\\n]|\\[^\n])*"/y;
const RAW = /`[^`]*`/y;

function lexAction(source: string, start: number): { tokens: Token[]; end: number; trims: boolean } {
  const tokens: Token[] = [];
  let parens = 0;
  /** Names must end where they end: `.ID}` is none. */
  const checkEnd = (): void => {
    const next = source.charAt(at);
    if (!/^[\s.,|:=()]?$/.test(next) && !source.startsWith("}}", at))
      throw new TemplateError(source, at, `bad character ${unicodeName(next)}`);
  };
  let at = start;
  const take = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    return pattern.exec(source)?.[0];
  };
  const push = (kind: Token["kind"], text: string): void => {
    tokens.push({ kind, text, at });
    at += text.length;
  };
  for (;;) {
    const close = /^(?:[ \t\r\n]-)?\}\}/.exec(source.slice(at, at + 4))?.[0];
    if (close !== undefined) {
      if (parens > 0) throw new TemplateError(source, at, "unclosed left paren");
      return { tokens, end: at + close.length, trims: close.length > 2 };
    }
    const next = source.charAt(at);
    if (next === "") throw new TemplateError(source, at, "unclosed action");
    const space = take(SPACE);
    if (space !== undefined) push("space", space);
    else if (next === '"') push("string", take(STRING) ?? fail(source, at, "unterminated quoted string"));
    else if (next === "`") push("string", take(RAW) ?? fail(source, at, "unterminated raw quoted string"));
    else if (next === "'") push("char", take(CHAR) ?? fail(source, at, "unterminated character constant"));
    else if (next === "$") {
      at++;
      const name = take(WORD) ?? "";
      at--;
      push("variable", `$${name}`);
      checkEnd();
    } else if (next === "." && !/\d/.test(source.charAt(at + 1))) {
      at++;
      const name = take(WORD);
      at--;
      push(name === undefined ? "dot" : "field", `.${name ?? ""}`);
      checkEnd();
    } else if (/[\d.]/.test(next) || (/[+-]/.test(next) && /[\d.]/.test(source.charAt(at + 1)))) {
      const number = take(NUMBER) ?? next;
      const tail = /^[\p{L}\p{N}_]+/u.exec(source.slice(at + number.length))?.[0] ?? "";
      if (tail !== "") throw new TemplateError(source, at, `bad number syntax: ${JSON.stringify(number + tail.charAt(0))}`);
      push("number", number);
    } else if (source.startsWith(":=", at)) push("mark", ":=");
    else if (/[|(),=]/.test(next)) {
      parens += next === "(" ? 1 : next === ")" ? -1 : 0;
      push("mark", next);
    } else {
      const word = take(WORD);
      if (word !== undefined) {
        push("word", word);
        checkEnd();
      } else if (/[!-~]/.test(next)) push("other", next);
      else throw new TemplateError(source, at, `unrecognized character in action: ${unicodeName(next)}`);
    }
  }
}

function unicodeName(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")} '${character}'`;
}

function fail(source: string, at: number, message: string): never {
  throw new TemplateError(source, at, message);
}
