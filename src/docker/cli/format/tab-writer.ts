const MIN_WIDTH = 10;
const PADDING = 3;

/**
 * Aligns lines of tab-separated cells as docker's lists are (Go's tabwriter with minimal width 10 and padding 3): a column is as wide as the
 * widest cell of the lines next to each other that have it, and the last cell of a line is not padded.
 */
export function alignTabs(text: string): string {
  const lines = text.split("\n").map((line) => line.split("\t"));
  const widths = lines.map((): number[] => []);
  measure(lines, widths, 0, lines.length, 0);
  return lines.map((cells, row) => cells.map((cell, column) => padded(cell, column, cells.length, widths[row] ?? [])).join("")).join("\n");
}

/** Gives every run of lines that have a cell in `column`, and one behind it, their common width. */
function measure(lines: readonly (readonly string[])[], widths: number[][], from: number, to: number, column: number): void {
  for (let start = from; start < to;) {
    let end = start;
    while (end < to && column < (lines[end]?.length ?? 0) - 1) end++;
    if (end === start) {
      start++;
      continue;
    }
    const width = Math.max(MIN_WIDTH, ...lines.slice(start, end).map((cells) => lengthOf(cells[column] ?? "") + PADDING));
    for (let row = start; row < end; row++) widths[row]?.push(width);
    measure(lines, widths, start, end, column + 1);
    start = end;
  }
}

function padded(cell: string, column: number, cells: number, widths: readonly number[]): string {
  return column === cells - 1 ? cell : cell + " ".repeat(Math.max(0, (widths[column] ?? 0) - lengthOf(cell)));
}

/** Go counts code points. */
function lengthOf(cell: string): number {
  return [...cell].length;
}
