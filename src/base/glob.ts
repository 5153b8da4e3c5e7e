/** A step through a text: one character, any number but no slash, any number, or nothing or folders with their slash (two steps: `maybe` skips the next). */
type Token = { readonly kind: "one"; readonly isIt: (char: string) => boolean } | { readonly kind: "star" | "all" | "maybe" | "folders" };

/**
 * A shell pattern as Go's `path.Match` has it: `*` and `?` stop at a slash, `[a-c^]` is one character, a backslash takes the next as it is. With `deep`,
 * as BuildKit's file names have it, `**` stands for any number of folders too. All ways to match are followed side by side, so that the time grows with
 * pattern and text alone; an expression of JavaScript would try one after another, for ever if somebody wants it to.
 * @throws SyntaxError in Go's words.
 */
export function globMatcher(glob: string, options: { readonly deep: boolean }): (text: string) => boolean {
  const tokens = parseGlob(glob, options.deep);
  return (text) => {
    let active = reached([0], tokens);
    for (const char of text) active = reached(afterChar(active, tokens, char), tokens);
    return active.has(tokens.length);
  };
}

/** Where one may be after `char`. */
function afterChar(active: ReadonlySet<number>, tokens: readonly Token[], char: string): readonly number[] {
  const next: number[] = [];
  for (const at of active) {
    const token = tokens[at];
    if (token?.kind === "all" || token?.kind === "folders" || (token?.kind === "star" && char !== "/")) next.push(at);
    if ((token?.kind === "one" && token.isIt(char)) || (token?.kind === "folders" && char === "/")) next.push(at + 1);
  }
  return next;
}

/** And what may be left out there. */
function reached(places: readonly number[], tokens: readonly Token[]): ReadonlySet<number> {
  const active = new Set(places);
  for (const at of active) {
    const kind = tokens[at]?.kind;
    if (kind === "star" || kind === "all" || kind === "maybe") active.add(at + 1);
    if (kind === "maybe") active.add(at + 2);
  }
  return active;
}

function parseGlob(glob: string, deep: boolean): readonly Token[] {
  const tokens: Token[] = [];
  const chars = [...glob];
  for (let at = 0; at < chars.length;) {
    const char = chars[at] ?? "";
    if (deep && char === "*" && chars[at + 1] === "*" && (at + 2 === chars.length || chars[at + 2] === "/")) {
      if (at + 2 === chars.length) tokens.push({ kind: "all" });
      else tokens.push({ kind: "maybe" }, { kind: "folders" });
      at += 3;
    } else if (char === "*") {
      tokens.push({ kind: "star" });
      at += 1;
    } else if (char === "?") {
      tokens.push({ kind: "one", isIt: (one) => one !== "/" });
      at += 1;
    } else if (char === "[") {
      const set = parseSet(chars, at + 1);
      tokens.push({ kind: "one", isIt: set.isIt });
      at = set.end;
    } else {
      if (char === "\\") at += 1;
      const literal = charAt(chars, at);
      tokens.push({ kind: "one", isIt: (one) => one === literal });
      at += 1;
    }
  }
  return tokens;
}

/** What stands between brackets; `end` is behind the closing one. */
function parseSet(chars: readonly string[], start: number): { readonly isIt: (char: string) => boolean; readonly end: number } {
  const isNegated = chars[start] === "^";
  const ranges: (readonly [number, number])[] = [];
  let at = isNegated ? start + 1 : start;
  const bound = (): number => {
    if (chars[at] === "-" || chars[at] === "]") throw badPattern();
    if (chars[at] === "\\") at += 1;
    const code = charAt(chars, at).codePointAt(0) ?? 0;
    at += 1;
    // A set that is never closed is none.
    charAt(chars, at);
    return code;
  };
  while (ranges.length === 0 || chars[at] !== "]") {
    const low = bound();
    let high = low;
    if (chars[at] === "-") {
      at += 1;
      high = bound();
    }
    ranges.push([low, high]);
  }
  const isListed = (code: number): boolean => ranges.some(([low, high]) => low <= code && code <= high);
  return { isIt: (char) => isListed(char.codePointAt(0) ?? 0) !== isNegated, end: at + 1 };
}

function charAt(chars: readonly string[], at: number): string {
  const char = chars[at];
  if (char === undefined) throw badPattern();
  return char;
}

const badPattern = (): SyntaxError => new SyntaxError("syntax error in pattern");
