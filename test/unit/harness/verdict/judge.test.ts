import { expect, test } from "vitest";
import type { ContainerInspect, ImageInspect } from "../../../../src/docker/api/types.ts";
import { formatPoints, fraction, toNumber } from "../../../../src/harness/plan/fraction.ts";
import type { Expectation, ExpectationSubject } from "../../../../src/harness/plan/plan.ts";
import { say } from "../../../../src/harness/plan/sayings.ts";
import type { ContainerFacts, ImageFacts, Observation, StepOutcome } from "../../../../src/harness/run/observe/observation.ts";
import { judge } from "../../../../src/harness/verdict/judge.ts";
import { score } from "../../../../src/harness/verdict/score.ts";

function expectation(subject: ExpectationSubject, more: Partial<Expectation> = {}): Expectation {
  const base = {
    id: "e",
    title: "t",
    location: { file: "s.yaml", line: 1, column: 1 },
    placeOf: () => ({ file: "s.yaml", line: 1, column: 1 }),
    points: fraction(1n),
    help: null,
    eventually: null,
    waiver: null,
    must: false,
    explicit: true,
  };
  return { ...base, ...subject, ...more } as Expectation;
}

function step(outcome: Partial<StepOutcome>): Observation {
  return { kind: "step", exitCode: 0, stdout: "", stderr: "", timedOut: false, timeoutMs: 1000, dialogue: null, durationMs: 1, ...outcome };
}

/** A running container named web, as inspect tells it. */
function web(state: Partial<ContainerInspect["State"]> = {}): ContainerFacts {
  const inspect = {
    Name: "/web",
    Path: "sh",
    Args: ["-c", "sleep 9"],
    RestartCount: 0,
    State: {
      Status: "running",
      Running: true,
      Paused: false,
      OOMKilled: false,
      ExitCode: 0,
      StartedAt: "2026-01-01T00:00:00.12Z",
      FinishedAt: "0001-01-01T00:00:00Z",
      ...state,
    },
    Config: { Image: "busybox", Env: ["A=b=c", "E="], Labels: { l: "1" }, WorkingDir: "/w", Hostname: "h" },
    HostConfig: { Tmpfs: { "/t": "" }, PortBindings: { "80/tcp": [{ HostPort: "8080" }] } },
    Mounts: [{ Type: "volume", Name: "data", Source: "/var/lib", Destination: "/data", RW: false }],
    NetworkSettings: { Ports: {}, Networks: { bridge: {} } },
  };
  return {
    inspect: inspect as unknown as ContainerInspect,
    processes: ["sh -c sleep 9"],
    listening: ["80/tcp"],
    seenAt: new Date("2026-01-01T00:00:10Z"),
    others: {
      early: { StartedAt: "2026-01-01T00:00:00.1Z", FinishedAt: "2026-01-01T00:00:01Z" } as ContainerInspect["State"],
      late: { StartedAt: "2026-01-01T00:00:00.123Z" } as ContainerInspect["State"],
    },
  };
}

const container = (expected: Extract<ExpectationSubject, { kind: "container" }>["expected"]): Expectation =>
  expectation({ kind: "container", name: "web", expected });

test("exit codes: a number, a list, nonzero, any; what did not end has none", () => {
  const outcomes = ([0, [1, 2], "nonzero", "any"] as const).map(
    (expected) => judge(expectation({ kind: "exitCode", expected: expected as number }), step({ exitCode: 2 })).outcome,
  );
  expect(outcomes).toEqual(["fail", "pass", "pass", "pass"]);
  expect(judge(expectation({ kind: "exitCode", expected: 0 }), step({ exitCode: 2 }))).toEqual({
    outcome: "fail",
    rationale: "exit code is 2, not 0",
    rationaleZh: "退出码是 2，应为 0",
    expected: "0",
    actual: "2",
  });
  expect(judge(expectation({ kind: "exitCode", expected: "any" }), step({ exitCode: null, timedOut: true }))).toMatchObject({
    rationale: "it did not end within 1 s",
  });
});

test.each([
  ["hello", " hello\n", null],
  ["hello", "\u001b[1mhello\u001b[0m\r\n", null],
  ["hello", "hullo", 'standard output is "hullo", not "hello"'],
  [{ exactly: "a\n" }, "a", "standard output differs in white space or control characters alone"],
  [{ exactly: "a\n" }, "b\n", "standard output is not exactly as expected"],
  [
    { contains: ["x", "y", "a"], all: [{ matches: "^c" }], lineCount: 2, none: ["a"] },
    "a",
    'standard output does not contain "x", "y"; number of lines of standard output is 1, not 2; standard output does not match /^c/; standard output is what it must not be: "a"',
  ],
  [{ json: { $: 1 } }, "one\n", "standard output is no JSON: Unexpected token 'o'"],
  [
    { json: { "$.a": { type: "string" as const, number: 2 }, "$.b": 1 } },
    '{"a": 1}',
    'type of $.a of standard output is "number", not "string"; $.a of standard output is 1, not 2; there is no $.b of standard output',
  ],
  [{ contains: ["a", "z"] }, "abc", 'standard output does not contain "z"'],
  [{ sequence: ["b", "a"] }, "ab", 'standard output does not contain "a" after what comes before it'],
  [{ matches: "^b$" }, "a\nb\nc", null],
  [{ lines: ["a", "b"] }, "a  \nb\n", null],
  [{ lines: ["a", "b"] }, "b\na\n", "lines of standard output are not as expected"],
  [{ lines: ["a", "b"], unordered: true }, "b\na\n", null],
  [{ lineCount: { min: 2 } }, "one\n", "number of lines of standard output is 1, not at least 2"],
  [{ empty: true }, " \n", null],
  [{ empty: false }, "", "standard output is empty"],
  [{ not: { contains: ["x", "b"] } }, "abc", 'standard output is what it must not be: contains "b"'],
  [{ not: { contains: "x", matches: "y" } }, "abc", null],
  [{ not: { lines: ["b", "a"], unordered: true } }, "a\nb", 'standard output is what it must not be: lines ["b","a"] unordered true'],
])("%j against %j", (expected, stdout, rationale) => {
  const verdict = judge(expectation({ kind: "output", stream: "stdout", expected }), step({ stdout }));
  expect(verdict.outcome === "fail" ? verdict.rationale : null).toBe(rationale);
});

test("a dialogue that broke off says what it waited for and what was shown instead", () => {
  const dialogue = { action: 1, awaited: '"# "', waitedMs: 5000, shown: "login:\r\n", ended: false };
  expect(judge(expectation({ kind: "dialogue" }), step({ dialogue }))).toEqual({
    outcome: "fail",
    rationale: '"# " was not shown within 5 s',
    rationaleZh: '5 s 内没有显示 "# "',
    expected: '"# "',
    actual: "login:\n",
  });
});

test("a container's properties are told together when they are not as expected", () => {
  const good = {
    status: ["running", "paused"],
    running: true,
    command: ["sh", "-c", "sleep 9"],
    env: { A: "b=c", E: { empty: true }, NONE: null },
    labels: { l: "1" },
    image: "busybox",
    workdir: "/w",
    ports: { "80": 8080, "81/udp": false },
    mounts: { "/data": { type: "volume", source: "data", readOnly: true }, "/t": { type: "tmpfs" }, "/none": null },
    networks: ["bridge"],
    processes: { contains: "sleep" },
    startedAfter: "early",
  } as const;
  const observation: Observation = { kind: "container", container: web() };
  expect(judge(container(good as never), observation)).toEqual({ outcome: "pass" });
  const verdict = judge(container({ status: "exited", env: { A: null }, ports: { "80": 81 }, startedAfter: "late" }), observation);
  expect(verdict).toMatchObject({
    outcome: "fail",
    rationale:
      "status is running, not exited; variable A is b=c, but must not be set; port 80/tcp is 8080, not 81; it did not start after late",
    rationaleZh: "状态是 running，应为 exited；环境变量 A 是 b=c，但不应设置；端口 80/tcp 是 8080，应为 81；它不是在 late 之后启动的",
    expected: "status: exited\nvariable A: not set\nport 80/tcp: 81\nstartedAfter: started after late (2026-01-01T00:00:00.123Z)",
    actual: "status: running\nvariable A: b=c\nport 80/tcp: 8080\nstartedAfter: started 2026-01-01T00:00:00.12Z",
  });
  expect(verdict.outcome === "fail" && verdict.parts?.map(({ at, expected }) => [at?.join(" "), expected])).toEqual([
    ["status", "exited"],
    ["env A", "not set"],
    ["ports 80", "81"],
    ["startedAfter", "started after late (2026-01-01T00:00:00.123Z)"],
  ]);
});

test("what is not set, published or connected, and what has not ended, is told in words that say what should be", () => {
  const told = (expected: Extract<ExpectationSubject, { kind: "container" }>["expected"]): string | null => {
    const verdict = judge(container(expected), { kind: "container", container: web() });
    return verdict.outcome === "fail" ? verdict.rationale : null;
  };
  expect(told({ networks: { other: {}, bridge: null } })).toBe(
    "network other is not connected, but must be; network bridge is connected, but must not be",
  );
  expect(told({ env: { NONE: "x" }, ports: { 81: 8081 } })).toBe(
    "variable NONE is not set, where x is expected; port 81/tcp is not published, where 8081 is expected",
  );
  expect(told({ finishedAfter: "early" })).toBe("it has not ended");
});

test("what is looked for again and again says within which time it was expected", () => {
  const late = expectation({ kind: "exitCode", expected: 0 }, { eventually: { timeoutMs: 5_000, intervalMs: 50 } });
  expect(judge(late, step({ exitCode: 1 }))).toMatchObject({
    rationale: "exit code is 1, not 0 (expected within 5 s)",
    rationaleZh: "退出码是 1，应为 0（应在 5 s 内做到）",
  });
});

test("a container that is not there fails every expectation but absent", () => {
  const gone: Observation = { kind: "container", container: null };
  expect(judge(container("absent"), gone)).toEqual({ outcome: "pass" });
  expect(judge(container("running"), gone)).toMatchObject({
    rationale: "there is no container web",
    expected: "running",
    actual: "absent",
  });
  expect(judge(container("absent"), { kind: "container", container: web() })).toMatchObject({ rationale: "there is a container web" });
});

test("an image's history must have the entries in their order, with others between", () => {
  const image: ImageFacts = {
    inspect: {
      Id: "sha256:1",
      RepoTags: ["a:v1"],
      Config: { Cmd: ["sh"] },
      RootFS: { Type: "layers", Layers: ["l1", "l2"] },
    } as unknown as ImageInspect,
    history: ["third", "second", "first"].map((Comment) => ({
      Id: "",
      Created: 0,
      CreatedBy: `sh ${Comment}`,
      Tags: null,
      Size: 1,
      Comment,
    })),
    commits: [],
    others: { base: { RootFS: { Layers: ["l1"] } } as unknown as ImageInspect, none: null },
  };
  const verdict = (expected: Extract<ExpectationSubject, { kind: "image" }>["expected"]) =>
    judge(expectation({ kind: "image", ref: "a:v1", expected }), { kind: "image", image });
  expect(
    verdict({ history: ["sh third", { comment: "first" }], cmd: ["sh"], entrypoint: null, layers: 2, tags: ["a:v1"], basedOn: "base" }),
  ).toEqual({ outcome: "pass" });
  expect(verdict({ history: ["first", "third"] })).toMatchObject({ rationale: 'history has no entry "third" below those before' });
  expect(verdict({ history: { excludes: [{ comment: "second" }] }, basedOn: "none" })).toMatchObject({
    rationale: 'there is no image none; history has an entry {"comment":"second"}',
  });
});

test("changes are compared as a set", () => {
  const changes = [
    { Path: "/tmp", Kind: 0 },
    { Path: "/tmp/new", Kind: 1 },
    { Path: "/old", Kind: 2 },
  ] as const;
  const verdict = (expected: Extract<ExpectationSubject, { kind: "diff" }>["expected"]) =>
    judge(expectation({ kind: "diff", container: "web", expected }), { kind: "diff", changes });
  expect(verdict(["D /old", "A /tmp/new", "C /tmp"])).toEqual({ outcome: "pass" });
  expect(verdict({ includes: ["D /old"], excludes: ["/etc/passwd", "A /old"] })).toEqual({ outcome: "pass" });
  expect(verdict(["A /old", "C /tmp", "A /tmp/new"])).toMatchObject({
    rationale: 'changes lack "A /old" and have "D /old" too',
    expected: "A /old\nA /tmp/new\nC /tmp",
    actual: "A /tmp/new\nC /tmp\nD /old",
  });
  expect(verdict({ includes: ["A /x"], excludes: ["/old"] })).toMatchObject({
    rationale: 'changes lack "A /x"; changes have "D /old", which must not be',
  });
  expect(verdict({ excludes: ["/old"] })).toMatchObject({ rationale: 'changes have "D /old", which must not be' });
});

test("what could not be looked at is an error of ours, what was not reached is skipped, and help goes with a failure", () => {
  const subject: ExpectationSubject = { kind: "logs", container: "web", expected: "hi" };
  const error = { name: "Error", message: "no engine" };
  expect(judge(expectation(subject), { kind: "unobserved", error })).toEqual({ outcome: "error", error });
  expect(judge(expectation(subject), { kind: "skipped", because: "step-1" })).toEqual({ outcome: "skip", because: "step-1" });
  expect(judge(expectation(subject), step({})).outcome).toBe("error");
  expect(judge(expectation(subject, { help: "look again" }), { kind: "logs", text: "ho" })).toMatchObject({
    outcome: "fail",
    help: "look again",
  });
});

test("that a file is not in a container which is not there proves nothing", () => {
  const file = expectation({ kind: "file", expected: { container: "web", path: "/x", exists: false } });
  expect(judge(file, { kind: "file", file: null })).toEqual({ outcome: "pass" });
  expect(judge(file, { kind: "file", file: null, missing: say("there is no container {0}", "web") })).toMatchObject({ outcome: "fail" });
});

test("scores are exact, and an error of ours costs nothing", () => {
  const third = expectation({ kind: "dialogue" }, { points: fraction(1n, 3n) });
  const judged = (["pass", "pass", "error", "fail"] as const).map((outcome) => ({
    expectation: third,
    verdict:
      outcome === "pass" ? { outcome } : outcome === "error" ? { outcome, error: { name: "E", message: "" } } : { outcome, rationale: "" },
  }));
  const { earned, possible, undecided } = score(judged);
  expect([earned, possible, undecided].map(formatPoints)).toEqual(["0.667", "1.333", "0.333"]);
  expect(toNumber(fraction(3n, -6n))).toBe(-0.5);
});

test("a pattern that tries too many ways on a text made for it earns nothing, and holds nobody up", () => {
  const hostile = step({ stdout: `${"a".repeat(60)}!` });
  const expected = { not: { matches: "^(a+)+$" } };
  expect(judge(expectation({ kind: "output", stream: "stdout", expected }), hostile)).toMatchObject({
    outcome: "fail",
    rationale: "to match it took longer than 2 s: a pattern tries too many ways on this text",
  });
});
