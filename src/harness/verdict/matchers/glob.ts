/** Whether the whole of `text` is what a shell's pattern says: `*` any characters, `?` one, `[a-z]` or `[!a-z]` one of a set, `\` takes the next as it is. */
export function isGlob(pattern: string, text: string): boolean {
  const tokens = tokensOf(pattern);
  // Greedy with one step back, to the last star: never more than the product of both lengths.
  const characters = [...text];
  let [token, at, star, resume] = [0, 0, -1, 0];
  while (at < characters.length) {
    const wanted = tokens[token];
    if (wanted === "any") [star, resume] = [token++, at];
    else if (wanted !== undefined && wanted(characters[at] ?? "")) [token, at] = [token + 1, at + 1];
    else if (star >= 0) [token, at] = [star + 1, ++resume];
    else return false;
  }
  return tokens.slice(token).every((rest) => rest === "any");
}

type Token = "any" | ((character: string) => boolean);

function tokensOf(pattern: string): readonly Token[] {
  const tokens: Token[] = [];
  for (const [part] of pattern.matchAll(/\*+|\?|\[!?\]?[^\]]*\]|\\.|./gsu)) {
    if (part.startsWith("*")) tokens.push("any");
    else if (part === "?") tokens.push(() => true);
    else if (part.length > 2 && part.startsWith("[")) tokens.push(setOf(part.slice(1, -1)));
    else {
      const literal = part.length > 1 && part.startsWith("\\") ? part.slice(1) : part;
      tokens.push((character) => character === literal);
    }
  }
  return tokens;
}

function setOf(body: string): (character: string) => boolean {
  const isInverse = body.startsWith("!");
  const members = [...body.slice(isInverse ? 1 : 0).matchAll(/(.)-(.)|./gsu)];
  return (character) =>
    members.some(([one, from, to]) =>
      from === undefined || to === undefined ? one === character : character >= from && character <= to,
    ) !== isInverse;
}
