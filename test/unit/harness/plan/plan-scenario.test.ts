import { expect, test } from "vitest";
import { formatPoints } from "../../../../src/harness/plan/fraction.ts";
import { captureVariables, interpolateExpectation, interpolateStep } from "../../../../src/harness/plan/interpolate.ts";
import { planScenario } from "../../../../src/harness/plan/plan-scenario.ts";
import type { Expectation, Plan } from "../../../../src/harness/plan/plan.ts";
import { readScenario } from "../../../../src/harness/scenario/load.ts";

function plan(text: string): Plan {
  return planScenario(readScenario("s.yaml", text));
}

function allOf({ steps, expectations }: Plan): readonly Expectation[] {
  return [...steps.flatMap((step) => step.expectations), ...expectations];
}

test("a plan is flat: every single thing expected has an id, a place and a title", () => {
  const { steps, expectations } = plan(`name: s
steps:
  - name: begin
    run: docker run -d --name web busybox
  - terminal: { command: docker attach web, script: [{ line: exit }, { expect: bye }, { keys: Ctrl-C }, { resize: { columns: 9, rows: 8 } }, { close: true }] }
    timeout: 1.5s
    expect: [{ title: { en: gone, zh: 没了 }, containers: { web: absent } }]
  - write: { path: a.sh, content: "echo", mode: "0755" }
expect:
  images: { a: present, b: absent }
  diff: { web: [] }
  eventually: { timeout: 2s }
`);
  expect(steps.map(({ id, title, timeoutMs, action }) => ({ id, title, timeoutMs, kind: action.kind }))).toEqual([
    { id: "step-1", title: "begin", timeoutMs: null, kind: "command" },
    { id: "step-2", title: "docker attach web", timeoutMs: 1500, kind: "terminal" },
    { id: "step-3", title: "write a.sh", timeoutMs: null, kind: "write" },
  ]);
  const brief = ({ id, title, location, explicit, eventually }: Expectation): unknown[] => [
    id,
    typeof title === "string" ? title : title.en,
    `${location.line}:${location.column}`,
    explicit,
    eventually?.timeoutMs ?? null,
  ];
  expect([...steps.flatMap((step) => step.expectations), ...expectations].map(brief)).toEqual([
    ["step-1/exitCode", "exit code 0", "3:5", false, null],
    ["step-2/dialogue", "dialogue at the terminal", "5:5", false, null],
    ["step-2/exitCode", "exit code 0", "5:5", false, null],
    ["step-2/1/containers/web", "gone", "7:59", true, null],
    ["expect/images/a", "image a is present", "10:13", true, 2000],
    ["expect/images/b", "image b is absent", "10:25", true, 2000],
    ["expect/diff/web", "changes in container web", "11:11", true, 2000],
  ]);
  const { action } = steps[1] ?? {};
  expect(action?.kind === "terminal" && action.script).toMatchObject([
    { kind: "type", text: "exit\r" },
    { kind: "expect", awaited: { contains: "bye" }, timeoutMs: 5000 },
    { kind: "type", text: "\x03" },
    { kind: "resize", columns: 9, rows: 8 },
    { kind: "close" },
  ]);
});

const points = (text: string): Record<string, string> =>
  Object.fromEntries(allOf(plan(`name: s\nsteps:\n  - run: a\n${text}`)).map((one) => [one.id, formatPoints(one.points)]));

test("points are shared exactly: own ones within their map, the rest among those without", () => {
  expect(points("points: 3\nexpect:\n  - points: 2\n    containers: {a: running, b: running}\n  - images: {c: present}\n")).toEqual({
    "step-1/exitCode": "0",
    "expect/1/containers/a": "1",
    "expect/1/containers/b": "1",
    "expect/2/images/c": "1",
  });
  const thirds = plan("name: s\npoints: 1\nsteps:\n  - run: a\nexpect: {containers: {a: running, b: running, c: running}}\n");
  expect(thirds.points).toEqual({ numerator: 1n, denominator: 1n });
});

test("where nothing is expected in writing, the steps' exit codes earn the points", () => {
  expect(points("")).toEqual({ "step-1/exitCode": "1" });
});

test("points that do not add up are an error at their place", () => {
  expect(() => points("points: 1\nexpect: [{points: 2, containers: {a: running}}]\n")).toThrow(
    "s.yaml:4:9 points: the expectations' points add up to 2, not to 1",
  );
  expect(() => points("points: 3\nexpect: [{points: 2, containers: {a: running}}]\n")).toThrow("add up to 2, not to 3");
});

test("variables are put in where no shell reads, and stand for their very text in patterns", () => {
  const { steps, expectations } = plan(`name: s
env: { DIR: "a.b" }
steps:
  - run: echo \${id} $DIR
    capture: { id: stdout, port: { from: stderr, matches: 'port (\\d+)' } }
    cwd: \${DIR}
    expect: { stdout: { matches: "^\${DIR}$" } }
expect:
  containers: { "\${id}": running, c1: { labels: { matches: "\${DIR}" } } }
`);
  const [step] = steps;
  if (step === undefined) throw new Error("no step");
  const captured = captureVariables(step.capture, { stdout: " abc\n", stderr: "port 80" });
  expect(captured).toEqual({ variables: { id: "abc", port: "80" }, missing: [] });
  expect(captureVariables(step.capture, { stdout: "", stderr: "" }).missing).toEqual(["port"]);
  const variables = { DIR: "a.b", ...captured.variables };
  expect(interpolateStep(step, variables)).toMatchObject({ cwd: "a.b", action: { command: "echo ${id} $DIR" } });
  const resolved = [...step.expectations, ...expectations].map((one) => interpolateExpectation(one, variables));
  expect(resolved).toMatchObject([
    { kind: "exitCode" },
    { expected: { matches: "^a\\.b$" } },
    { kind: "container", name: "abc" },
    { expected: { labels: { matches: "a.b" } } },
  ]);
});
