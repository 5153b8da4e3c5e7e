import { type Document, isMap, isPair, isScalar, LineCounter, type Pair, parseDocument, type Scalar, stringify, visit } from "yaml";
import type { Location } from "../../plan/plan.ts";

/** A value to be put in place of another. */
export interface Edit {
  /** Where the expectation's key stands. */
  readonly location: Location;
  /** A key of the map that stands there, whose value is meant; null: what stands there itself. */
  readonly key: string | null;
  readonly value: string | number;
}

/**
 * A YAML text with some values replaced, and everything else, comments and layout too, as it was.
 * Edits of places that have no plain value are left out; `done` says which were made.
 */
export function rewriteYaml(text: string, edits: readonly Edit[]): { readonly text: string; readonly done: readonly Edit[] } {
  if (!/\r\n/.test(text) || /(?<!\r)\n/.test(text)) return rewriteLines(text, edits);
  // Lines that end as Windows ends them go on doing so, the new ones too.
  const { text: lines, done } = rewriteLines(text.replaceAll("\r\n", "\n"), edits);
  return { text: lines.replaceAll("\n", "\r\n"), done };
}

function rewriteLines(text: string, edits: readonly Edit[]): ReturnType<typeof rewriteYaml> {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const places = edits.flatMap((edit) => {
    const found = pairAt(document, lines, edit.location);
    const pair = found === null ? null : edit.key === null ? found : inner(found.pair, edit.key, found.isFlow);
    if (pair === null || !isScalar(pair.pair.value) || pair.pair.value.range == null) return [];
    return [{ edit, ...pair, scalar: pair.pair.value as Scalar & { range: [number, number, number] } }];
  });
  // From the last to the first, so that the places before stay where they are; each place once.
  const ordered = places
    .filter(({ scalar }, index) => places.findIndex((other) => other.scalar === scalar) === index)
    .toSorted((a, b) => b.scalar.range[0] - a.scalar.range[0]);
  let result = text;
  for (const { edit, scalar, pair, isFlow } of ordered) {
    const keyStart = (pair.key as Scalar).range?.[0] ?? 0;
    const column = keyStart - (text.lastIndexOf("\n", keyStart - 1) + 1);
    const [start, valueEnd] = scalar.range;
    // A literal's range has the line's end in it.
    const isLiteral = scalar.type === "BLOCK_LITERAL" || scalar.type === "BLOCK_FOLDED";
    const end = isLiteral && text[valueEnd - 1] === "\n" ? valueEnd - 1 : valueEnd;
    const value = written(edit.value, isFlow, column);
    // Behind the last line of a block a comment would be text: it goes behind the first.
    const isBlock = value.startsWith("|-\n");
    const behind = isBlock ? (/^[ \t]+#[^\n]*/.exec(result.slice(end))?.[0] ?? "") : "";
    const comment = isLiteral ? (/^[|>][^\n#]*?([ \t]+#[^\n]*)/.exec(result.slice(start, end))?.[1] ?? "") : behind;
    const put = comment === "" ? value : isBlock ? `|-${comment}${value.slice(2)}` : `${value}${comment}`;
    result = result.slice(0, start) + put + result.slice(end + behind.length);
  }
  return { text: result, done: ordered.map(({ edit }) => edit) };
}

interface Place {
  readonly pair: Pair;
  readonly isFlow: boolean;
}

function pairAt(document: Document, lines: LineCounter, { line, column }: Location): Place | null {
  let found: Place | null = null;
  visit(document, {
    Pair(_, pair, parents) {
      const start = isScalar(pair.key) ? pair.key.range?.[0] : undefined;
      if (start === undefined) return undefined;
      const { line: ownLine, col } = lines.linePos(start);
      if (ownLine !== line || col !== column) return undefined;
      found = { pair, isFlow: parents.some((parent) => !isPair(parent) && "flow" in parent && parent.flow) };
      return visit.BREAK;
    },
  });
  return found;
}

function inner(pair: Pair, key: string, isFlow: boolean): Place | null {
  if (!isMap(pair.value)) return null;
  const own = pair.value.items.find((item) => isScalar(item.key) && item.key.value === key);
  return own === undefined ? null : { pair: own, isFlow: isFlow || pair.value.flow === true };
}

/** A value as YAML: one line plain or in quotes, several as a literal block where there may be one. */
function written(value: string | number, isFlow: boolean, column: number): string {
  if (typeof value === "number") return String(value);
  const isPlain = /^[^\s].*[^\s]$/s.test(value) && !/[^\t\n\x20-\x7e\u00a0-\ud7ff\ue000-\ufffd]|\t|[ ]\n/.test(value);
  if (!value.includes("\n")) {
    const line = stringify(value, { lineWidth: 0 }).trimEnd();
    // In braces a comma or bracket would end it.
    return line.includes("\n") || (isFlow && /[,[\]{}]/.test(line) && !/^["']/.test(line)) ? JSON.stringify(value) : line;
  }
  if (isFlow || !isPlain) return JSON.stringify(value);
  const indent = " ".repeat(column + 2);
  return `|-\n${value
    .split("\n")
    .map((line) => (line === "" ? "" : indent + line))
    .join("\n")}`;
}
