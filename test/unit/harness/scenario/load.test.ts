import { expect, test } from "vitest";
import { readScenario } from "../../../../src/harness/scenario/load.ts";
import { formatProblem, ScenarioError } from "../../../../src/harness/scenario/scenario-error.ts";

function problemsOf(text: string | Uint8Array): string[] {
  try {
    readScenario("s.yaml", text);
  } catch (error) {
    if (error instanceof ScenarioError) return error.problems.map(formatProblem);
    throw error;
  }
  return [];
}

/** A scenario of one step, with more at its end. */
function scenario(more: string): string {
  return `name: s\nsteps:\n  - run: "true"\n${more}`;
}

test("the smallest scenario is a name and a step", () => {
  expect(readScenario("s.yaml", scenario("")).scenario).toEqual({ name: "s", steps: [{ run: "true" }] });
});

test("what breaks the schema is told with its place, in the order of the file, one message a place", () => {
  const text = `name: Bad Name
titel: x
points: 1.23456
timeout: soon
env: {1a: x, ok: [1]}
steps:
  - run: echo hi
    expct: 1
    expect:
      exitCode: five
      stdout: {contain: x}
  - write: {content: x}
  - run: x
    write: {path: a, content: b}
  - terminal: {command: sh, script: [{kyes: Enter}]}
  - run: y
    expect: []
  - run: z
    expect: {containers: {c1: runing, c2: {status: foo}, c3: 4}, diff: {c1: [X /tmp]}}
expect:
  exitCode: 4
`;
  expect(problemsOf(text)).toMatchInlineSnapshot(`
    [
      "s.yaml:1:7 name: must be lower-case letters and digits, joined by single '-', '_' or '.'",
      "s.yaml:2:1 titel: unknown key "titel"; did you mean title?",
      "s.yaml:3:9 points: must be a number of points from 0, with at most three decimals",
      "s.yaml:4:10 timeout: must be a time such as 500ms, 10s or 2m",
      "s.yaml:5:7 env/1a: must be a variable name: letters, digits and '_', not beginning with a digit",
      "s.yaml:5:18 env/ok: must be a text, a number or true/false",
      "s.yaml:8:5 steps/0/expct: unknown key "expct"; did you mean expect?",
      "s.yaml:10:17 steps/0/expect/exitCode: must be a number from 0 to 255, a list of them, any or nonzero",
      "s.yaml:11:16 steps/0/expect/stdout/contain: unknown key "contain"; did you mean contains?",
      "s.yaml:12:12 steps/1/write: lacks the key path",
      "s.yaml:13:5 steps/2: must have exactly one of the keys run, terminal, write, copy, http, wait, signal, sleep, until",
      "s.yaml:15:39 steps/3/terminal/script/0/kyes: unknown key "kyes"; did you mean keys?",
      "s.yaml:17:13 steps/4/expect: must not be empty",
      "s.yaml:19:31 steps/5/expect/containers/c1: must be a status (created, running, paused, exited, …), present, absent, or a map",
      "s.yaml:19:52 steps/5/expect/containers/c2/status: must be a status (created, running, paused, restarting, removing, exited, dead) or a list of them",
      "s.yaml:19:62 steps/5/expect/containers/c3: must be a status (created, running, paused, exited, …), present, absent, or a map",
      "s.yaml:19:78 steps/5/expect/diff/c1/0: must be A, C or D and a path, such as 'A /tmp/new'",
      "s.yaml:21:3 expect/exitCode: exitCode is expected of a step: move it to the step's expect",
    ]
  `);
});

test("what a schema cannot say is checked too", () => {
  const text = `name: bad
env: {FOO: a}
images: ["Bad:x"]
steps:
  - name: a
    run: echo hi
    expect: {stdout: {matches: "("}}
  - name: a
    run: "true"
    background: true
    expect: {exitCode: 0}
  - write: {path: ../x, content: b}
  - terminal: {command: sh, script: [{keys: Ctrl-PP}, {expect: {timeout: 1s}}]}
  - run: x
    expect: {title: hm}
  - terminal: {command: x, script: [{line: y}]}
    expect: {stdout: x, eventually: {timeout: 1s}}
expect:
  - containers: {"\${FO}": running}
  - files: [{container: c, image: d, path: tmp}, {path: x, exists: false, size: {min: 3, max: 2}}]
`;
  expect(problemsOf(text)).toMatchInlineSnapshot(`
    [
      "s.yaml:3:10 images/0: invalid reference format: repository name (library/Bad) must be lowercase",
      "s.yaml:7:32 steps/0/expect/stdout/matches: is no regular expression: /(/mu: Unterminated group",
      "s.yaml:8:11 steps/1/name: step 1 has the same name",
      "s.yaml:11:14 steps/1/expect/exitCode: a step in the background is not waited for, so it has no exitCode",
      "s.yaml:12:19 steps/2/write/path: must be a path within the work directory",
      "s.yaml:13:45 steps/3/terminal/script/0/keys: unknown key "Ctrl-PP"",
      "s.yaml:13:64 steps/3/terminal/script/1/expect: must have exactly one of contains and matches",
      "s.yaml:15:13 steps/4/expect: expects nothing",
      "s.yaml:17:14 steps/5/expect/stdout: terminal is done once, so its stdout does not change: eventually is for run, http",
      "s.yaml:19:18 expect/0/containers/\${FO}: nothing sets the variable FO; did you mean FOO?",
      "s.yaml:20:13 expect/1/files/0: a file is in one place, not in container and image",
      "s.yaml:20:44 expect/1/files/0/path: must begin with / in a container or an image",
      "s.yaml:20:50 expect/1/files/1: cannot be expected not to exist and to have size",
      "s.yaml:20:81 expect/1/files/1/size: min 3 is more than max 2",
    ]
  `);
});

test("a variable may be used after the step that captures it, and is escaped by a second $", () => {
  const text = (expected: string): string =>
    `name: s\nsteps:\n  - run: a\n    capture: {id: stdout}\n  - run: b\n    expect: {stdout: "${expected}"}\n`;
  expect(problemsOf(text("${id} in ${WORKDIR} $${other}"))).toEqual([]);
  expect(problemsOf(text("${di}"))).toEqual(["s.yaml:6:22 steps/1/expect/stdout: nothing sets the variable di; did you mean id?"]);
});

test.each([
  ["an unfinished flow", "name: [", "s.yaml:1:8 Flow sequence in block collection must be sufficiently indented and end with a ]"],
  ["a key twice", "name: a\nname: b\n", 's.yaml:2:1 the key "name" is there already, in line 1'],
  ["several documents", scenario("---\nname: b\n"), "s.yaml:5:1 a scenario file holds one document, not several"],
  ["a merge key", scenario("env: {<<: {A: b}}\n"), "s.yaml:4:7 merge keys (<<) are not supported"],
  ["__proto__", scenario("env: {__proto__: {A: b}}\n"), "s.yaml:4:7 the key __proto__ is not allowed"],
  ["a NUL for a program", scenario('env: { A: "b\\0c" }\n'), "s.yaml:4:11 a text for a program cannot hold a NUL"],
  ["a tag of another program", scenario("title: !!js/function x\n"), "s.yaml:4:8 Unresolved tag: tag:yaml.org,2002:js/function"],
  ["nothing", "", "s.yaml:1:1 is empty"],
  ["a text", "hello", "s.yaml:1:1 must be a map"],
  ["no UTF-8", Buffer.from([0x6e, 0xff, 0xfe]), "s.yaml:1:1 is not UTF-8 text"],
  ["brackets without end", `name: s\n${"[".repeat(200_000)}`, "s.yaml:2:60 is nested too deeply; at most 50 levels are read"],
  ["nested maps", "a: " + "{a: ".repeat(50) + "}".repeat(50), "s.yaml:1:200 is nested too deeply; at most 50 levels are read"],
  ["an alias of what it stands in", scenario("env: &a {A: *a}\n"), "s.yaml:4:13 the alias *a stands within what it stands for"],
  [
    "a matrix of values alone",
    scenario("matrix: {N: [1, 2]}\n"),
    's.yaml:4:10 matrix/N: unknown key "N"; variables and their values stand below vars',
  ],
  ["a megabyte and more", "#".repeat(1024 * 1024 + 1), "s.yaml:1:1 is 1048577 bytes long; at most 1048576 are read"],
])("%s is refused with one message", (_, text, message) => {
  expect(problemsOf(text)).toEqual([message]);
});

test("aliases that multiply are refused before they fill the memory", () => {
  const bomb = [
    "a: &a [x,x,x,x,x,x,x,x,x]",
    ..."bcdefghi".split("").map(
      (name, index) =>
        `${name}: &${name} [${Array<string>(9)
          .fill(`*${"abcdefghi".charAt(index)}`)
          .join()}]`,
    ),
  ];
  const started = performance.now();
  expect(problemsOf(bomb.join("\n"))).toEqual([
    "s.yaml:5:8 has more than 10000 keys and values: the alias *d stands for 7381 keys and values",
  ]);
  const ladder = Array.from({ length: 60 }, (_, rung) => `a${rung + 1}: &a${rung + 1} [*a${rung}]`);
  expect(problemsOf(["a0: &a0 [x]", ...ladder].join("\n"))).toEqual(["s.yaml:50:12 is nested too deeply; at most 50 levels are read"]);
  expect(performance.now() - started).toBeLessThan(5000);
});

test("an alias is fine when it saves writing, and problems in it are told where they are written", () => {
  expect(problemsOf(scenario("env: {A: &x hello, B: *x}\n"))).toEqual([]);
  expect(problemsOf(scenario(`env: {A0: &x hello, ${Array.from({ length: 300 }, (_, n) => `A${n + 1}: *x`).join()}}\n`))).toEqual([]);
  expect(problemsOf(scenario("env: {A: &x [], B: *x}\n"))).toEqual([
    "s.yaml:4:13 env/A: must be a text, a number or true/false",
    "s.yaml:4:20 env/B: must be a text, a number or true/false",
  ]);
});

test("steps that speak of others, of fixtures, signals, addresses and JSON paths must speak of what there is", () => {
  const text = `name: bad
fixtures: {greeting: hi}
steps:
  - wait: later
  - name: later
    run: sleep 1
  - wait: laters
  - wait: later
  - signal: {step: later, send: HOP}
  - write: {path: a, fixture: greetin}
  - write: {path: a, content: b, fixture: greeting}
  - sleep: 1s
    user: "1"
    expect: {stdout: x, status: 200}
  - http: https://localhost/
    expect: {exitCode: 0, body: x}
  - run: x
    if: {variables: {NONE: x}, passed: none}
    expect: {points: 1, stdout: {json: {"$.[": 1}}}
  - until: {must: true}
  - copy: {from: ../x, to: /y}
`;
  expect(problemsOf(text)).toMatchInlineSnapshot(`
    [
      "s.yaml:4:11 steps/0/wait: no earlier step has the name "later"",
      "s.yaml:7:11 steps/2/wait: no earlier step has the name "laters"; did you mean later?",
      "s.yaml:8:11 steps/3/wait: step 2 is not in the background",
      "s.yaml:9:20 steps/4/signal/step: step 2 is not in the background",
      "s.yaml:9:33 steps/4/signal/send: there is no signal HOP; did you mean HUP?",
      "s.yaml:10:31 steps/5/write/fixture: there is no fixture greetin, neither in fixtures nor beside this file; did you mean greeting?",
      "s.yaml:11:12 steps/6/write: must have exactly one of the keys content, fixture",
      "s.yaml:13:5 steps/7/user: user is only for run, terminal, not for sleep",
      "s.yaml:14:14 steps/7/expect/stdout: stdout is of run, terminal, wait: sleep has none",
      "s.yaml:14:25 steps/7/expect/status: status is of http: sleep has none",
      "s.yaml:15:11 steps/8/http: only http is spoken, not https",
      "s.yaml:16:14 steps/8/expect/exitCode: exitCode is of run, terminal, wait: http has none",
      "s.yaml:18:22 steps/9/if/variables/NONE: nothing sets the variable NONE ($\${ stands for \${ itself)",
      "s.yaml:18:40 steps/9/if/passed: no earlier step has the name "none"",
      "s.yaml:19:14 steps/9/expect/points: what may not be done earns no points",
      "s.yaml:19:41 steps/9/expect/stdout/json/$.[: is no JSON path: unexpected shorthand selector '[' ('$.[':2)",
      "s.yaml:20:12 steps/10/until: expects nothing",
      "s.yaml:21:18 steps/11/copy/from: must be a path within the work directory",
      "s.yaml:21:28 steps/11/copy/to: must be a path within the work directory",
    ]
  `);
});

test("what is wrong is shown in its line, with carets below it, also where lines are long or hold what a terminal obeys", () => {
  const long = `  - { run: x, expect: { stdout: { contains: ${"a".repeat(200)}, matchs: b } } }`;
  const text = `name: s\nsteps:\n  - run: echo\n    expct: 1 # 容器\n${long}\n  - { run: "\\e[2J", 容: 1 }\n`;
  const excerpts = (() => {
    try {
      readScenario("s.yaml", text);
    } catch (error) {
      if (error instanceof ScenarioError) return error.message;
    }
    return "";
  })();
  expect(excerpts).toMatchInlineSnapshot(`
    "s.yaml:4:5 steps/0/expct: unknown key "expct"; did you mean expect?
      4 |     expct: 1 # 容器
        |     ^^^^^
    s.yaml:5:247 steps/1/expect/stdout/matchs: unknown key "matchs"; did you mean matches?
      5 | …aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa, matchs: b } } }
        |                                                                                                           ^^^^^^
    s.yaml:6:21 steps/2/容: unknown key "容"; there are name, title, run, stdin, background, terminal, write, copy, http, wait, signal, sleep, until, if, user, mayFail, env, cwd, timeout, capture, expect
      6 |   - { run: "\\e[2J", 容: 1 }
        |                     ^^"
  `);
});

test("what breaks the schema does not hide what else is wrong", () => {
  expect(
    problemsOf(`name: s
timeout: soon
steps:
  - run: x
    expect: { stdout: { matches: "(" }, exitCode: five }
  - { rum: x }
  - { run: x, cwd: /etc }
  - { run: x, expect: { files: [{ container: c }, { path: ../x }] } }
expect: { containers: { c: { exists: false, running: true } } }
`),
  ).toMatchInlineSnapshot(`
    [
      "s.yaml:2:10 timeout: must be a time such as 500ms, 10s or 2m",
      "s.yaml:5:34 steps/0/expect/stdout/matches: is no regular expression: /(/mu: Unterminated group",
      "s.yaml:5:51 steps/0/expect/exitCode: must be a number from 0 to 255, a list of them, any or nonzero",
      "s.yaml:6:7 steps/1/rum: unknown key "rum"; did you mean run?",
      "s.yaml:7:20 steps/2/cwd: must be a path within the work directory",
      "s.yaml:8:33 steps/3/expect/files/0: lacks the key path",
      "s.yaml:9:28 expect/containers/c: cannot be expected not to exist and to have running",
    ]
  `);
});

test("a label, variable, container or attribute may be named as a key of the language is", () => {
  const text = `name: s
env: {matches: a}
steps:
  - run: "true"
    if: {variables: {matches: "("}}
expect:
  - events: [{action: kill, name: c1, attributes: {signal: "9"}}]
    containers: {signal: {labels: {json: "(", matches: "(", unordered: "true"}, env: {inspect: x, signal: "15"}}, matches: running}
    logs: {json: "(", c1: {json: {$.a: {equals: {signal: 99, matches: "("}}}}}
  - containers: {signal: {signal: NOSUCH, labels: {a: {matches: "("}}}}
    logs: {c1: {json: {"$[": 1, $.b: {text: {matches: "("}}}}}
`;
  expect(problemsOf(text).map((problem) => problem.split(": ")[0])).toEqual([
    "s.yaml:10:35 expect/1/containers/signal/signal",
    "s.yaml:10:65 expect/1/containers/signal/labels/a/matches",
    "s.yaml:11:24 expect/1/logs/c1/json/$[",
    "s.yaml:11:55 expect/1/logs/c1/json/$.b/text/matches",
  ]);
});

test("a scenario that could never fail is refused", () => {
  expect(problemsOf("name: s\nsteps:\n  - { run: x, mayFail: true }\n  - sleep: 1\n  - { run: y, background: true }\n")).toEqual([
    "s.yaml:1:7 name: nothing is expected, so it could never fail",
  ]);
});

test("parts need earlier ones, have names of their own, and are told where they stand, a shared step once", () => {
  const text = `name: s
points: 2
parts:
  - name: a
    steps: [{ run: x, cwd: /etc }, { run: y }]
  - { name: b, needs: c, steps: [{ run: "echo", capture: { V: stdout }, expect: { stdout: "\${W}" } }] }
  - { name: b, needs: a, steps: [{ sleep: 1 }] }
  - { name: d, needs: a, steps: [{ run: x, expect: { stdout: "\${V}" } }] }
expect: { count: { images: 1 } }
`;
  expect(problemsOf(text)).toEqual([
    "s.yaml:2:1 points: are each part's own",
    "s.yaml:5:28 parts/0/steps/0/cwd: must be a path within the work directory",
    's.yaml:6:23 parts/1/needs: no earlier part has the name "c"; did you mean a?',
    "s.yaml:6:91 parts/1/steps/0/expect/stdout: nothing sets the variable W; did you mean V?",
    "s.yaml:7:13 parts/2/name: part 2 has the same name",
    "s.yaml:8:62 parts/3/steps/0/expect/stdout: nothing sets the variable V ($${ stands for ${ itself)",
    "s.yaml:9:1 expect: is each part's own",
  ]);
});

test("files that are only there to exhaust a reader are refused at once, whatever they are made of", () => {
  const alike = (unit: string, times: number): string => unit.repeat(times);
  const files = {
    brackets: `name: ${alike("[", 100_000)}`,
    maps: `name: ${alike("{a: ", 10_000)}`,
    indented: Array.from({ length: 1_000 }, (_, depth) => `${alike(" ", depth)}a:`).join("\n"),
    dashes: `steps: ${alike("- ", 300_000)}x`,
    quotes: `name: "${alike("\\n", 400_000)}`,
    keys: Array.from({ length: 6_000 }, (_, key) => `k${key}: 1`).join("\n"),
    steps: `name: s\nsteps:\n${alike("- rum: x\n", 4_000)}`,
    comments: alike("#\n", 30_000),
    documents: alike("---\n", 5_000),
    anchors: `name: &a [${alike("&b x, ", 11_000)}]`,
    zeros: Buffer.alloc(1024 * 1024),
  };
  for (const [kind, text] of Object.entries(files)) expect.soft(problemsOf(text).length, kind).toBeGreaterThan(0);
}, 30_000);

test("words of other tools, missing brackets and quotes are answered with what was meant, all at once", () => {
  const text = `name: s
images: busybox
env: { TAG: 1.10, MODE: 0644, YES: TRUE, PORT: 8080, DEBUG: true }
steps:
  - command: docker stop web
    expect: { exit_code: 0, output: hi }
  - run: docker ps
    expect: { stdout: { regex: "^a", lineCount: "1" }, stderr: 3 }
  - http: localhost:8080
expect:
  - containers: { web: stopped }
  - containers: [web]
`;
  expect(problemsOf(text)).toEqual([
    "s.yaml:2:9 images: must be a list, such as [busybox]",
    "s.yaml:3:13 1.10 is read as 1.1: put it in quotes",
    "s.yaml:3:25 0644 is read as 644: put it in quotes",
    "s.yaml:3:36 TRUE is read as true: put it in quotes",
    's.yaml:5:5 steps/0/command: unknown key "command"; did you mean run?',
    's.yaml:6:15 steps/0/expect/exit_code: unknown key "exit_code"; did you mean exitCode?',
    's.yaml:6:29 steps/0/expect/output: unknown key "output"; did you mean stdout?',
    's.yaml:8:25 steps/1/expect/stdout/regex: unknown key "regex"; did you mean matches?',
    "s.yaml:8:49 steps/1/expect/stdout/lineCount: must be a number, or a map of min, max, above, below, oneOf, not; write it without quotes",
    "s.yaml:8:64 steps/1/expect/stderr: must be a text, or a map such as {contains: …}, {matches: …}, {lines: […]}; put it in quotes",
    's.yaml:9:11 steps/2/http: "localhost:8080" is no address such as http://localhost:8080/',
    "s.yaml:11:24 expect/0/containers/web: must be a status (created, running, paused, exited, …), present, absent, or a map; did you mean exited?",
    "s.yaml:12:17 expect/1/containers: must be a map by name, such as { web: running }",
  ]);
});

test.each([
  ["  - docker ps\n    expect: {}\n", /^s\.yaml:3:5 .*is a key such as run: missing before this text\?/],
  ['  - run: echo "a: b"\n', /^s\.yaml:3:10 .*a text with ': ' in it must stand in quotes/],
  ['  - run: "echo" hi\n', /^s\.yaml:3:17 .*put all of it in quotes of the other kind/],
  ["  - run: @echo\n", /^s\.yaml:3:10 .*must stand in quotes/],
  ["  - run: {{.Names}}\n", /^s\.yaml:3:11 a key must be a plain word; a text that begins with \{ or \[ must stand in quotes/],
  ["  - run: *.txt\n", /^s\.yaml:3:10 there is no anchor &\.txt above; a text that begins with \* must stand in quotes/],
  ['  - run: echo\n"\\e[2J\\u202e": 1\n', /^s\.yaml:4:1 \\u001b\[2J\\u202e: unknown key/],
  ["\t- run: echo\n", /^s\.yaml:3:1 .*YAML is indented by spaces/],
])("what YAML makes of %j is told in an author's terms", (steps, expected) => {
  expect(problemsOf(`name: s\nsteps:\n${steps}`)[0]).toMatch(expected);
});
