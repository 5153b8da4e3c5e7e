import { expect, test } from "vitest";
import { changedGrades, changesText, gradesIn } from "../../../../src/harness/grade/grade-changes.ts";

test("who gains and who loses is told, exactly, and nobody whose grade stays", () => {
  const book = (finals: Readonly<Record<string, string | null>>) =>
    gradesIn(
      JSON.stringify({
        students: Object.entries(finals).map(([id, exact]) => ({ id, final: exact === null ? null : { exact, rounded: 0 } })),
      }),
    );
  const before = book({ anna: "10", bo: "9/10", chen: "4/3", dora: null, eve: "5", "a\u001b[2J": "1" });
  const after = book({ anna: "10", bo: "27/5", chen: "1", dora: "3", eve: null, "a\u001b[2J": "2" });
  expect(changesText(changedGrades(before, after), after.size)).toBe(
    [
      "  bo  0.9 → 5.4  +4.5",
      "  chen  1.33 → 1  -0.33",
      "  dora  no grade → 3",
      "  eve  5 → no grade",
      "  a  1 → 2  +1",
      "3 gain, 2 lose, 1 stay as they are",
      "",
    ].join("\n"),
  );
  expect(changesText(changedGrades(before, before), 6)).toBe("0 gain, 0 lose, 6 stay as they are\n");
  expect(() => gradesIn("{}")).toThrow("it has no students");
});
