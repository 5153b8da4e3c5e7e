/**
 * Whether `actual` is the block, line by line: a line `...` stands for any lines or none, `[..]` for
 * anything within a line. White space at the ends of lines does not count, nor empty lines at both ends of the texts.
 * Linear in the product of both lengths, so that no block can make it search for ever.
 */
export function isBlock(block: readonly string[], actual: readonly string[]): boolean {
  // reached[j]: the lines of the block so far may end before actual[j].
  let reached = actual.map((_, index) => index === 0).concat(actual.length === 0);
  for (const line of block) {
    const next = reached.map(() => false);
    if (isGap(line)) {
      let open = false;
      for (const [index, here] of reached.entries()) next[index] = open ||= here;
    } else {
      for (const [index, text] of actual.entries()) if (reached[index] === true && isLine(line, text)) next[index + 1] = true;
    }
    reached = next;
  }
  return reached.at(-1) === true;
}

/** How many lines of the block are found at the beginning of `actual`: where a reader is to look. */
export function matchedLines(block: readonly string[], actual: readonly string[]): number {
  for (let count = block.length; count > 0; count--) if (isBlock([...block.slice(0, count), "..."], actual)) return count;
  return 0;
}

/** Its lines without white space at their ends, and without the empty ones around. */
export function blockLines(text: string): readonly string[] {
  const lines = text.split("\n").map((line) => line.trimEnd());
  while (lines.length > 0 && lines[0] === "") lines.shift();
  while (lines.length > 0 && lines.at(-1) === "") lines.pop();
  return lines;
}

function isGap(line: string): boolean {
  return line.trim() === "...";
}

function isLine(wanted: string, text: string): boolean {
  const [first = "", ...more] = wanted.split("[..]");
  if (more.length === 0) return wanted === text;
  const last = more.pop() ?? "";
  if (!text.startsWith(first) || text.length < first.length + last.length || !text.endsWith(last)) return false;
  const end = text.length - last.length;
  let at = first.length;
  // Between the ends the first place is as good as any.
  for (const part of more) {
    const found = text.indexOf(part, at);
    if (found < 0 || found + part.length > end) return false;
    at = found + part.length;
  }
  return at <= end;
}
