import { expect, test } from "vitest";
import type { ContainerInspect, EventMessage, ImageInspect, NetworkInspect, VolumeInspect } from "../../../../src/docker/api/types.ts";
import { planScenario } from "../../../../src/harness/plan/plan-scenario.ts";
import { scenarioResult } from "../../../../src/harness/report/scenario-result.ts";
import type { Problem } from "../../../../src/harness/report/report.ts";
import type { PlanRun } from "../../../../src/harness/run/events.ts";
import type { Observation } from "../../../../src/harness/run/observe/observation.ts";
import { readScenario } from "../../../../src/harness/scenario/load.ts";
import { judge } from "../../../../src/harness/verdict/judge.ts";

/** What is wrong when what the scenario's one expectation looks at is `observation`. */
function problemsOf(text: string, observation: Observation): readonly Problem[] {
  const plan = planScenario(readScenario("s.yaml", text));
  const [step] = plan.steps;
  const judged = [...(step?.expectations ?? []), ...plan.expectations]
    .filter(({ explicit }) => explicit)
    .map((expectation) => ({ expectation, step: null, observation, durationMs: 0, verdict: judge(expectation, observation) }));
  const run = { plan, startedAt: new Date(0), durationMs: 0, steps: [], observed: judged, error: null } as unknown as PlanRun;
  const engine = { kind: "embedded", version: "1", tier: "namespaces" } as const;
  const root = { engine, keptAt: null, rootMs: 0, closeMs: 0, leaks: { processes: [], leftovers: [] } };
  return scenarioResult(run, judged, root).checks.flatMap(({ problems }) => problems);
}

const container = {
  inspect: {
    Path: "sh",
    Args: ["-c", "exit 2"],
    State: { Status: "exited", ExitCode: 2, StartedAt: "2026-01-01T00:00:00Z", FinishedAt: "2026-01-01T00:00:01Z" },
    Config: { Image: "busybox", Env: ["A=1", "B=2"], Labels: {} },
    HostConfig: {},
    Mounts: [{ Type: "volume", Name: "data", Source: "/x", Destination: "/data", RW: true }],
    NetworkSettings: { Ports: {}, Networks: { lan: { IPAddress: "10.0.0.2", Aliases: ["a"] } } },
  } as unknown as ContainerInspect,
  processes: null,
  listening: null,
  seenAt: new Date(0),
  others: {},
};
const image = {
  inspect: {
    Id: "sha256:1",
    RepoTags: ["a:1"],
    Size: 5,
    Config: { Cmd: ["sh", "-c"], ExposedPorts: { "80/tcp": {} } },
    RootFS: { Type: "layers", Layers: ["l"] },
  } as unknown as ImageInspect,
  history: [{ Id: "", Created: 0, CreatedBy: "one", Tags: null, Size: 0, Comment: "" }],
  others: {},
  commits: [],
};
const file = {
  type: "file",
  size: 2,
  mode: 0o644,
  uid: 0,
  gid: 0,
  linkTarget: null,
  content: '{"a": [1, 2]}',
  sha256: "",
} as const;
const event = { Type: "container", Action: "start", Actor: { ID: "1", Attributes: { name: "web" } } } as unknown as EventMessage;
const output = { exitCode: 0, stdout: "a\nb\n", stderr: "", timedOut: false, timeoutMs: 1, dialogue: null, durationMs: 1 };

// Before each key or item that fails stands a mark; what is given holds for all the others.
test.each<readonly [string, string, Observation]>([
  [
    "a container",
    `containers:
    web:
      image: busybox
      «status: running
      «exitCode: 3
      env: { A: "1", «B: "1", «C: { matches: x } }
      command: [sh, «-x, exit 2]
      mounts: { /data: { type: volume, «readOnly: true, source: { contains: d, «matches: ^x } } }
      networks: { lan: { address: 10.0.0.2, aliases: [a, «b] }, «wan: {} }
      states: [created, «running]`,
    { kind: "container", container, states: ["created", "exited"] },
  ],
  ["a container that is there in spite of all", "containers:\n    web: { «exists: false }", { kind: "container", container }],
  ["a container that is not there", "containers:\n    «web: { status: running }", { kind: "container", container: null }],
  [
    "an image",
    `images:
    a:
      «size: 4
      layers: { min: 1, «oneOf: [2, 3] }
      cmd: [sh, «-x]
      exposedPorts: [80, «81]
      tags: [a:1, «b:2]
      history: { «count: 2, contains: [one, «two], excludes: [«one] }`,
    { kind: "image", image },
  ],
  [
    "a volume",
    `volumes:
    data: { driver: local, labels: { «a: b }, usedBy: [web, «db] }`,
    { kind: "volume", volume: { inspect: { Driver: "local", Labels: {} } as VolumeInspect, usedBy: ["web"] } },
  ],
  [
    "a network",
    `networks:
    lan: { «driver: overlay, internal: false, containers: { includes: [web, «db] }, inspect: { $.Driver: bridge, «$.Name: x } }`,
    {
      kind: "network",
      network: {
        Name: "lan",
        Driver: "bridge",
        Internal: false,
        IPAM: { Config: [] },
        Containers: { 1: { Name: "web" } },
      } as unknown as NetworkInspect,
    },
  ],
  [
    "counts",
    "count: { containers: 1, «images: 2 }",
    { kind: "count", counts: { containers: 1, running: 0, images: 1, volumes: 0, networks: 3 } },
  ],
  [
    "nothing else",
    "only: { containers: [web], volumes: [«data] }",
    { kind: "only", names: { containers: ["web"], images: [], volumes: [], networks: [] } },
  ],
  ["changes", "diff: { web: { includes: [A /a, «A /b], excludes: [«/a] } }", { kind: "diff", changes: [{ Kind: 1, Path: "/a" }] }],
  ["changes, all of them", "diff:\n    web:\n      - A /a\n      - «A /b", { kind: "diff", changes: [{ Kind: 1, Path: "/a" }] }],
  [
    "a file",
    `files:
    - path: a
      type: file
      «mode: "0600"
      content:
        json: { "«$.a[0]": 2, "$.a[1]": { «type: string, number: { above: 1, «below: 2 } } }
        «empty: true`,
    { kind: "file", file },
  ],
  ["a file that is there in spite of all", "files: [{ path: a, «exists: false }]", { kind: "file", file }],
  ["entries of a tar", "entries: { a.tar: { includes: [a, «b], matches: [a, «c], «count: 2 } }", { kind: "entries", names: ["./a"] }],
  [
    "logs",
    "logs: { web: { contains: [a, «z], all: [{ lineCount: 2 }, { lineCount: { «min: 3 } }], lines: [a, «c], none: [x, { «contains: a }] } }",
    { kind: "logs", text: "a\nb\n" },
  ],
  ["differences", "differences: [{ from: { image: a }, to: { image: b }, files: [«A /x] }]", { kind: "difference", files: [], config: [] }],
  [
    "events",
    "events: { contains: [start web, «die web], excludes: [kill, «start], count: { «start: 2 } }",
    { kind: "events", events: [event] },
  ],
  ["events in a list", "events: [start web, «start web]", { kind: "events", events: [event] }],
  [
    "an answer",
    "http: [{ request: http://localhost/, «status: 200, headers: { Content-Type: text/plain, «X-Y: z }, body: { contains: [«b] } }]",
    { kind: "http", answer: { status: 404, headers: { "content-type": "text/plain" }, body: "" } },
  ],
])("each failure stands at the key or item that failed: %s", (_, marked, observation) => {
  placed(`name: s\nsteps:\n  - run: "true"\nexpect:\n  ${marked}\n`, observation);
});

test("what a step itself did is placed as finely", () => {
  const step = (expected: string, action = 'run: "true"'): string =>
    `name: s\nsteps:\n  - ${action}\n    expect:\n      ${expected}\nexpect: { count: { containers: 0 } }\n`;
  const ofStep = (text: string, observation: Observation): void => placed(text.replace(/^expect:.*\n/m, ""), observation);
  ofStep(step("stdout: { contains: [a, «c], not: { «contains: b } }"), { kind: "step", ...output });
  ofStep(step("«stdout: c"), { kind: "step", ...output });
  ofStep(step("headers: { A: b, «C: d }", "http: http://localhost/"), {
    kind: "step",
    ...output,
    answer: { status: 200, headers: { a: "b" }, body: "" },
  });
});

test("of several things wrong with one the author's hint is told once, and all say until when they were awaited", () => {
  const text = `name: s
steps:
  - run: "true"
expect:
  help: look
  eventually: { timeout: 2s }
  containers: { web: { status: running, exitCode: 3 } }
`;
  const problems = problemsOf(text, { kind: "container", container });
  expect(problems.map(({ rationale, help }) => [rationale, help])).toEqual([
    ["status is exited, not running (expected within 2 s)", null],
    ["exit code is 2, not 3 (expected within 2 s)", "look"],
  ]);
});

/** That the problems stand where the marks are. */
function placed(marked: string, observation: Observation): void {
  const marks: string[] = [];
  const lines = marked.split("\n").map((line, index) => {
    const [first = "", ...more] = line.split("«");
    let clean = first;
    for (const part of more) {
      // A key in quotes stands where its quotes begin.
      marks.push(`${index + 1}:${clean.length + (clean.endsWith('"') ? 0 : 1)}`);
      clean += part;
    }
    return clean;
  });
  const places = problemsOf(lines.join("\n"), observation).map(({ location }) => `${location.line}:${location.column}`);
  expect([...new Set(places)].toSorted()).toEqual(marks.toSorted());
}
