import { expect, test } from "vitest";
import { junitDocument } from "../../../../src/harness/report/junit.ts";
import { junitProblems } from "../../../support/junit-rules.ts";
import { checkOf, everyOutcome, HOSTILE, resultOf, sampleReport } from "../../../support/report-of.ts";
import { parseXml } from "../../../support/xml.ts";

const problem = {
  title: { en: "standard output", zh: "标准输出" },
  location: { file: "scenarios/a.yaml", line: 7, column: 9 },
  rationale: 'standard output is "b", not "a"',
  expected: "a",
  actual: "b",
  help: "look at <ps>",
};

const everything = sampleReport(
  resultOf(),
  resultOf({
    file: "scenarios/b & c.yaml",
    name: "b",
    outcome: "error",
    checks: [
      checkOf({ outcome: "fail", problems: [problem], points: 0 }),
      checkOf({ id: "step-2", outcome: "error", error: { name: "TargetError", message: "the engine ended" } }),
      checkOf({ id: "step-3", outcome: "skip", because: "step-2" }),
      checkOf({ id: "step-4", outcome: "skip", because: '<step> & "2"' }),
    ],
    error: { name: "TargetError", message: "the engine ended" },
  }),
  resultOf({ file: "scenarios/c.yaml", name: "c", outcome: "skip", reason: "it requires <less>", engine: null, checks: [] }),
  resultOf({ file: "scenarios/d.yaml", name: "d", outcome: "error", error: { name: "Error", message: "no dockerd" }, checks: [] }),
);

test("a report with every outcome satisfies the rules of Jenkins' and of Surefire's schema", () => {
  expect(junitProblems(parseXml(junitDocument(everything, "en")))).toEqual([]);
});

test.each([
  ["strict", {}],
  ["gitlab", { case: ["file"] }],
  ["github", { suite: ["file", "timestamp"], case: ["file", "line"] }],
] as const)("in profile %s a command line with brackets and quotes in a name, a file or a reason breaks nothing", (profile, more) => {
  const odd = `a "b" >c && d </e /> 'f' ${HOSTILE}`;
  const check = checkOf({ id: "step-1", title: odd, location: { file: `${odd}.yaml`, line: 1, column: 1 } });
  const failed: typeof check = { ...check, outcome: "fail", problems: [{ ...problem, rationale: odd, title: odd }] };
  const attempt = { outcome: "fail" as const, error: null, startedAt: "2026-01-02T03:04:05.678Z", durationMs: 5, checks: [failed] };
  const hostile = [
    resultOf({ file: `${odd}.yaml`, title: odd, tags: [odd], checks: [check, failed], earlier: [attempt], flaky: true }),
    resultOf({
      name: "last",
      checks: [{ ...check, id: ">/>" }],
      earlier: [{ ...attempt, checks: [{ ...failed, id: ">/>" }] }],
      flaky: true,
    }),
    resultOf({ name: "skipped", outcome: "skip", reason: odd, checks: [] }),
  ];
  const root = parseXml(junitDocument({ ...everyOutcome(), scenarios: [...hostile, ...everyOutcome().scenarios] }, "en", profile));
  expect(junitProblems(root, more)).toEqual([]);
  const [first, last] = root.children.map(({ children }) => children.filter(({ name }) => name === "testcase"));
  expect(first?.[0]?.attributes["name"]).toMatch(/^step-1 a "b" >c && d <\/e \/> 'f' \]\]> red ␀␇/);
  expect(first?.map(({ children }) => children.map(({ name }) => name))).toEqual([["flakyFailure"], ["failure", "rerunFailure"]]);
  expect(last?.[0]?.children.map(({ name }) => name)).toEqual(["flakyFailure"]);
});

test("a failure is told apart from an error, and a skip says why", () => {
  const suite = parseXml(junitDocument(everything, "en")).children[1];
  const cases = (suite?.children ?? []).filter(({ name }) => name === "testcase").map(({ children }) => children[0]);
  expect(cases.map((one) => [one?.name, one?.attributes["type"], one?.attributes["message"]])).toEqual([
    ["failure", "StepFailure", 'standard output is "b", not "a"'],
    ["error", "TargetError", "the engine ended"],
    ["skipped", undefined, "step-2 did not go through"],
    ["skipped", undefined, '<step> & "2" did not go through'],
  ]);
  expect(cases[0]?.text).toBe('standard output is "b", not "a"\nat scenarios/a.yaml:7:9\n- expected: a\n+ actual  : b\nhint: look at <ps>');
});

test("whatever a program prints, the document stays well-formed and says it", () => {
  const stdout = ']]> a ]]> \u001b[31mred\u001b[0m \u0000\u0007\b <skipped/> <testsuites skipped="1"> \ud800 \uffff\r\nend\t.';
  const report = sampleReport(resultOf({ checks: [checkOf({ output: { exitCode: 0, stdout, stderr: "&amp;" } })] }));
  const root = parseXml(junitDocument(report, "zh"));
  expect(junitProblems(root)).toEqual([]);
  const [out, err] = root.children[0]?.children[1]?.children ?? [];
  expect(out?.text).toBe(']]> a ]]> red ␀␇␈ <skipped/> <testsuites skipped="1"> \ufffd \ufffd\nend\t.');
  expect(err?.text).toBe("&amp;");
});

test("output longer than a CI server takes is cut in its middle", () => {
  const report = sampleReport(
    resultOf({ checks: [checkOf({ output: { exitCode: 0, stdout: `head${"x".repeat(1e6)}tail`, stderr: "" } })] }),
  );
  const text = parseXml(junitDocument(report, "en")).children[0]?.children[1]?.children[0]?.text ?? "";
  expect(text.length).toBeLessThan(110_000);
  expect(text).toMatch(/^headx+\n\[… \d+ characters left out …\]\nx+tail$/);
});

test("tries that did not pass are rerun elements of a case that fails, and flaky ones of a case that passes, before its output", () => {
  const failed = checkOf({ outcome: "fail", problems: [problem], points: 0 });
  const broken = { name: "TargetError", message: "the engine ended <here>" };
  const attempt = { error: null, startedAt: "2026-01-02T03:04:05.678Z", durationMs: 5 };
  const output = { exitCode: 0, stdout: "<testcase/> </testcase><system-out>", stderr: "" };
  const flaky = resultOf({
    flaky: true,
    checks: [checkOf({ output }), checkOf({ id: "step-2" })],
    earlier: [
      { ...attempt, outcome: "error", checks: [checkOf({ outcome: "error", error: broken })] },
      {
        ...attempt,
        outcome: "fail",
        checks: [failed, checkOf({ id: "leak/processes", type: "leak", outcome: "fail", problems: [problem] })],
      },
    ],
  });
  const never = resultOf({
    name: "never",
    outcome: "fail",
    checks: [failed],
    earlier: [{ ...attempt, outcome: "error", error: broken, checks: [] }],
  });
  const root = parseXml(junitDocument(sampleReport(flaky, never), "en"));
  expect(junitProblems(root)).toEqual([]);
  const cases = root.children.flatMap(({ children }) => children.filter(({ name }) => name === "testcase"));
  expect(cases.map(({ children }) => children.map(({ name }) => name))).toEqual([
    ["flakyFailure", "flakyFailure", "flakyError", "system-out"],
    [],
    ["failure", "rerunFailure"],
  ]);
  expect(cases[0]?.children[2]).toMatchObject({ attributes: { type: "Error", message: "the engine ended <here>" } });
  expect(cases[0]?.children[3]?.text).toBe(output.stdout);
});

test("for GitLab a case has its file, for GitHub its line too, and no output is taken for an attachment", () => {
  const report = sampleReport(
    resultOf({ checks: [checkOf({ output: { exitCode: 0, stdout: "[[ATTACHMENT|/etc/passwd]]", stderr: "" } })] }),
  );
  const gitlab = parseXml(junitDocument(report, "en", "gitlab"));
  expect(junitProblems(gitlab, { case: ["file"] })).toEqual([]);
  const [, own] = gitlab.children[0]?.children ?? [];
  expect(own?.attributes["file"]).toBe("scenarios/a.yaml");
  expect(own?.children[0]?.text).toBe("[ [ATTACHMENT|/etc/passwd]]");
  const github = parseXml(junitDocument(report, "en", "github"));
  expect(junitProblems(github, { suite: ["file", "timestamp"], case: ["file", "line"] })).toEqual([]);
  expect(github.children[0]?.children[1]?.attributes).toMatchObject({ file: "scenarios/a.yaml", line: "3" });
});
