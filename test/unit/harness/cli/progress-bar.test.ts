import { expect, test } from "vitest";
import { barText, ProgressBar, spanText } from "../../../../src/harness/cli/progress-bar.ts";

test("a bar says how much is done and how long the rest takes, and fits its terminal", () => {
  expect(barText(12, 200, 540_000, 60)).toMatch(/^ {3}12\/200 {2}█{2}░{27} {4}6 % {2}9 min left$/u);
  expect(barText(0, 6, 0, 80)).toBe(`  0/6  ${"░".repeat(40)}    0 %`);
  expect(barText(6, 6, 0, 14)).toBe("  6/6  100 %");
  for (const columns of [1, 10, 25, 200]) expect(barText(5, 200, 1e7, columns).length).toBeLessThan(Math.max(columns, 2));
});

test("spans are told in what they are best told in", () => {
  expect([400, 90_000, 91_000, 5_400_000, 7_500_000].map(spanText)).toEqual(["1 s", "90 s", "2 min", "90 min", "2 h 5 min"]);
});

test("lines stand above the bar, which goes at the end; the time left is of the pace until now", () => {
  let screen = "";
  let now = 0;
  const bar = new ProgressBar({ write: (text) => (screen += text), columns: () => 60 }, 4, () => now);
  now = 10_000;
  expect(bar.step()).toBe(30_000);
  bar.above(() => (screen += "one\n"));
  bar.end();
  expect(screen.split("\r\u001b[K")).toEqual(["", barText(0, 4, 0, 60), "one\n", barText(1, 4, 30_000, 60), ""]);
});

test("where there is no terminal there is no bar", () => {
  const bar = new ProgressBar(null, 2);
  let printed = "";
  bar.above(() => (printed += "line\n"));
  bar.end();
  expect(printed).toBe("line\n");
});
