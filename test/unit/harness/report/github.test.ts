import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { annotations, githubReporter, stepSummary } from "../../../../src/harness/report/github.ts";
import { checkOf, everyOutcome, resultOf, sampleReport } from "../../../support/report-of.ts";

/** How the runner reads a command's line (actions/runner, ActionCommand.cs): null when it is none. */
function read(line: string): { readonly name: string; readonly properties: Record<string, string>; readonly message: string } | null {
  const [, name = "", list = "", message = ""] = /^::(\w+)(?: ([^:]*))?::(.*)$/s.exec(line) ?? [];
  if (name === "") return null;
  const data = (text: string): string => text.replaceAll("%0D", "\r").replaceAll("%0A", "\n").replaceAll("%25", "%");
  const pairs = list.split(",").map((pair) => [
    pair.slice(0, pair.indexOf("=")),
    data(
      pair
        .slice(pair.indexOf("=") + 1)
        .replaceAll("%3A", ":")
        .replaceAll("%2C", ","),
    ),
  ]);
  return { name, properties: Object.fromEntries(pairs) as Record<string, string>, message: data(message) };
}

test("what did not pass is an error at its place, in one line that the runner reads back", () => {
  const lines = annotations(everyOutcome(), "en");
  expect(lines.every((line) => !/[\r\n]/.test(line))).toBe(true);
  const commands = lines.map(read);
  expect(commands).toHaveLength(3);
  expect(commands[0]).toMatchObject({
    name: "error",
    properties: {
      file: "scenarios/b & c.yaml",
      line: "7",
      col: "9",
      title: expect.stringMatching(/^b: sh -c 'echo "a" >\/b && cat <\/b \/>' \$\{\{ x \}\} \$& \$' \]\]> red ␀␇/),
    },
  });
  expect(commands[0]?.message).toContain("\n- a\n+ b # 1");
  expect(commands[2]).toMatchObject({ properties: { title: "fault" }, message: "the engine ended: % , : it was killed\nits log" });
});

test("of several things wrong with one, each is an error at its own line", () => {
  const problem = { title: "container web", rationale: "no", expected: null, actual: null, help: null };
  const problems = [11, 12].map((line) => ({ ...problem, location: { file: "a.yaml", line, column: 7 } }));
  const lines = annotations(sampleReport(resultOf({ outcome: "fail", checks: [checkOf({ outcome: "fail", problems })] })), "en");
  expect(lines.map((line) => read(line)?.properties["line"])).toEqual(["11", "12"]);
});

test("of more than ten errors GitHub would show ten, so that the tenth says how many there are besides", () => {
  const failed = checkOf({ outcome: "fail" });
  const report = sampleReport(
    ...Array.from({ length: 25 }, (_, index) => resultOf({ name: `s${index}`, outcome: "fail", checks: [failed] })),
  );
  const lines = annotations(report, "en");
  expect(lines).toHaveLength(10);
  expect(read(lines[9] ?? "")?.message).toBe("16 more are in the step's summary");
});

test("the summary has every scenario, keeps text from being markup, and stays below the limit", () => {
  const summary = stepSummary(everyOutcome(), "en", 1024 * 1024);
  expect(summary).toContain("4 passed, 1 failed, 1 errors, 1 blocked, 1 skipped, 1 not run, 1 flaky");
  expect(summary.match(/^\| (?:✅|❌|💥|⏭️|⛔|⏹️) /gm)).toHaveLength(9);
  expect(summary).not.toMatch(/<b>|\u001b/);
  const failed = checkOf({
    outcome: "fail",
    problems: [
      { title: "t", location: { file: "a", line: 1, column: 1 }, rationale: "é".repeat(9000), expected: null, actual: null, help: null },
    ],
  });
  const large = sampleReport(...Array.from({ length: 200 }, () => resultOf({ outcome: "fail", checks: [failed] })));
  const text = stepSummary(large, "en", 1024 * 1024 - 1);
  expect(Buffer.byteLength(text)).toBeLessThan(1024 * 1024);
  expect(text).toMatch(/did not fit here/);
});

test("while the run goes on GitHub takes no commands, so that a submission can give none, and the summary is added to what is there", async () => {
  const folder = mkdtempSync(join(tmpdir(), "slipway-test-github-"));
  try {
    const file = join(folder, "summary.md");
    writeFileSync(file, "before\n");
    let out = "";
    const reporter = githubReporter((text) => void (out += text), file, "en");
    reporter.onRunStart?.({ slipwayVersion: "0", plans: [], repeat: 1, jobs: 1, seed: 1 });
    const token = /^::stop-commands::([0-9a-f]{32})\n$/.exec(out)?.[1];
    expect(token).toBeDefined();
    await reporter.onRunEnd?.(everyOutcome());
    expect(out).toMatch(new RegExp(`^::stop-commands::${token}\n::${token}::\n::error `));
    expect(readFileSync(file, "utf8")).toMatch(/^before\n### 💥 slipway: /);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
