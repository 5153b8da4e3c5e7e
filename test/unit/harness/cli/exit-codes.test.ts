import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { EXIT_CODE_MEANINGS } from "../../../../src/harness/cli/exit-codes.ts";

test("docs/running.md has the exit codes that the help has", () => {
  const rows = [...readFileSync("docs/running.md", "utf8").matchAll(/^\| (\d+) +\| (.*?) +\|$/gm)].map(([, code, meaning]) => [
    code,
    meaning,
  ]);
  const known = Object.entries(EXIT_CODE_MEANINGS).map(([code, meaning]) => [
    code,
    code === "4" ? `${meaning} (\`--pass-with-none\`: 0)` : meaning,
  ]);
  expect(rows).toEqual(known);
});
