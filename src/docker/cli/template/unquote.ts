const ESCAPES: Readonly<Record<string, string>> = { a: "\x07", b: "\b", f: "\f", n: "\n", r: "\r", t: "\t", v: "\v" };

/** The value of a Go string literal, `"a\tb"` or raw in backquotes. */
export function unquoteString(literal: string): string {
  const inner = literal.slice(1, -1);
  return literal.startsWith("`") ? inner : unescape(inner);
}

/** The value of a Go character constant, `'a'`: its code point. */
export function unquoteChar(literal: string): number {
  return unescape(literal.slice(1, -1)).codePointAt(0) ?? 0;
}

function unescape(text: string): string {
  return text.replaceAll(
    /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{3})|([\s\S]))/g,
    (_, hex?: string, short?: string, long?: string, octal?: string, letter?: string) => {
      const code = hex ?? short ?? long;
      if (code !== undefined) return String.fromCodePoint(parseInt(code, 16));
      if (octal !== undefined) return String.fromCodePoint(parseInt(octal, 8));
      return ESCAPES[letter ?? ""] ?? letter ?? "";
    },
  );
}
