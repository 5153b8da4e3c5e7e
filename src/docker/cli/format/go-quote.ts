const LETTERS: Readonly<Record<string, string>> = {
  "\x07": "\\a",
  "\b": "\\b",
  "\f": "\\f",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
  "\v": "\\v",
  '"': '\\"',
  "\\": "\\\\",
};

/** Go's `strconv.Quote`: the text in double quotes, with Go's escapes for what cannot be shown. */
export function goQuote(text: string): string {
  const escaped = text.replaceAll(/["\\]|\p{Cc}/gu, (character) => {
    const code = (character.codePointAt(0) ?? 0).toString(16);
    return LETTERS[character] ?? (code.length > 2 ? `\\u${code.padStart(4, "0")}` : `\\x${code.padStart(2, "0")}`);
  });
  return `"${escaped}"`;
}
