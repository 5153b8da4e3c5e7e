import { expect, test } from "vitest";
import { explain } from "../../../../src/harness/report/explain.ts";

function explained(expected: string | null, actual: string | null): readonly string[] {
  const location = { file: "a.yaml", line: 1, column: 1 };
  return explain({ title: "t", location, rationale: "t is wrong", expected, actual, help: null }, "en").map(({ text }) => text);
}
const lines = (count: number, text: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => text(index)).join("\n");

test("texts of very many lines are shown soon, from the first line that differs, and what is left out is counted", () => {
  const start = performance.now();
  const shown = explained(
    lines(60_000, (index) => `line ${index}`),
    lines(60_000, (index) => (index < 20_000 ? `line ${index}` : `other ${index}`)),
  );
  // Compared whole it would take minutes.
  expect(performance.now() - start).toBeLessThan(5_000);
  expect(shown.slice(4, 9)).toEqual(["  line 19997", "  line 19998", "  line 19999", "- line 20000", "- line 20001"]);
  expect(shown.length).toBeLessThan(70);
  expect(shown.at(-1)).toMatch(/^ {2}… \d+ more lines$/);
});

test("what has nothing to be compared to is shown in part, and of a long line what differs", () => {
  expect(explained(null, lines(100, String)).slice(-2)).toEqual(["+ 59", "  … 40 more lines"]);
  const [expected = "", actual = ""] = explained(`${"x".repeat(50_000)}a`, `${"x".repeat(50_000)}b${"y".repeat(1e6)}`).slice(-2);
  expect(expected).toBe(`- expected: …${"x".repeat(40)}a… (+49001)`);
  expect(actual).toMatch(/^\+ actual {2}: …x{40}by{959}… \(\+1049001\)$/);
  expect(explained("short\n", "long\n".padEnd(100_000, "z")).at(-1)).toHaveLength(1_000 + "+ … (+98995)".length);
});
