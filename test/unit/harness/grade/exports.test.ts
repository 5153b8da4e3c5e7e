import { expect, test } from "vitest";
import { autolabOutput } from "../../../../src/harness/grade/exports/autolab.ts";
import { fillCanvas } from "../../../../src/harness/grade/exports/canvas.ts";
import { classroom50Result } from "../../../../src/harness/grade/exports/classroom50.ts";
import { courseraFeedback } from "../../../../src/harness/grade/exports/coursera.ts";
import { githubResult } from "../../../../src/harness/grade/exports/github.ts";
import { gradescopeResults } from "../../../../src/harness/grade/exports/gradescope.ts";
import { fillMoodle } from "../../../../src/harness/grade/exports/moodle.ts";
import { partJunit } from "../../../../src/harness/grade/exports/part-junit.ts";
import { prairielearnResults } from "../../../../src/harness/grade/exports/prairielearn.ts";
import { type Told, toldOf, wholeParts } from "../../../../src/harness/grade/exports/told.ts";
import { taskResult } from "../../../../src/harness/grade/grade-submission.ts";
import { gradeOf } from "../../../../src/harness/grade/gradebook.ts";
import { studentResult } from "../../../../src/harness/grade/student-result.ts";
import { fraction } from "../../../../src/harness/plan/fraction.ts";
import { earning, exerciseOf, taskOf } from "../../../support/exercise-of.ts";
import { checkOf, resultOf } from "../../../support/report-of.ts";

const tasks = [
  { ...taskOf("first", 5), plan: { ...taskOf("first", 5).plan, title: "first: part" } },
  taskOf("second-secret", 3, { visibility: "hidden" }),
  taskOf("third", 2, { visibility: "after-due", feedback: "full" }),
  taskOf("bonus", 2, { extra: true }),
];
const exercise = exerciseOf(tasks, { points: fraction(10n), late: null });
const digests = { exercise: "e", submission: "s", engine: "embedded 1" };

function grade(id: string, thirds: readonly bigint[], more: { readonly isFault?: boolean } = {}) {
  const results = tasks.map((task, index) => {
    const outcome = more.isFault === true ? "error" : thirds[index] === 3n ? "pass" : "fail";
    const problem = {
      title: "t",
      location: { file: "f", line: 1, column: 1 },
      rationale: "SECRETWHY",
      expected: null,
      actual: 'x: {"a": 1}\u0000\ud800]]>',
      help: null,
    };
    const checks = [
      checkOf({
        id: "step-1/stdout",
        type: "expectation",
        title: "it: greets",
        outcome: outcome === "pass" ? "pass" : "fail",
        problems: outcome === "pass" ? [] : [problem],
      }),
    ];
    return taskResult(task, {
      result: resultOf({ name: task.plan.name, title: null, outcome, checks }),
      verdicts: more.isFault === true ? null : earning(fraction(thirds[index] ?? 0n, 3n)),
    });
  });
  const student = { id, name: "=A()", submittedAt: null, language: null, attempt: null, work: null };
  return gradeOf(student, studentResult({ id, status: "graded", digests, modifiedAt: null, gradedAt: "", notices: [] }, results), exercise);
}
function told(thirds: readonly bigint[], revealsHidden = false, more: Partial<Parameters<typeof toldOf>[2]> = {}): Told {
  const one = toldOf(exercise, grade("a", thirds), {
    language: "en",
    isOver: false,
    revealsHidden,
    feedback: '# Title\n{"scores": {}}\n测试',
    ...more,
  });
  if (one === null) throw new Error("no grade");
  return one;
}
const env = { CLASSROOM: "c", ASSIGNMENT: "a", SUBMISSION_TAG: "submit/1", COMMIT_URL: "https://x/c", RELEASE_URL: "https://x/r" };

test("whole scores add up to the rounded final one, and no part is above its points", () => {
  for (const thirds of [
    [3n, 3n, 3n, 0n],
    [1n, 1n, 1n, 0n],
    [2n, 1n, 2n, 3n],
    [0n, 0n, 0n, 3n],
    [0n, 0n, 0n, 0n],
  ] as const) {
    const one = told(thirds);
    const parts = wholeParts(one);
    const final = Math.min(10, Number((2n * one.final.numerator + one.final.denominator) / (2n * one.final.denominator)));
    expect(parts.reduce((all, { score }) => all + score, 0)).toBe(final);
    for (const { score, max } of parts) expect(Number.isInteger(score) && score >= 0 && score <= max).toBe(true);
  }
});

test("Gradescope: the whole score, its own names for visibility, nothing of the autograder's output", () => {
  const results = JSON.parse(gradescopeResults(told([2n, 3n, 0n, 3n], true))) as {
    score: number;
    stdout_visibility: string;
    tests: readonly Record<string, unknown>[];
  };
  expect(results).toMatchObject({ score: 8.33, stdout_visibility: "hidden" });
  expect(results.tests.map(({ name, score, max_score, status, visibility }) => [name, score, max_score, status, visibility])).toEqual([
    ["first: part", 3.33, 5, "failed", "visible"],
    ["second-secret", 3, 3, "passed", "hidden"],
    ["third", 0, 2, "failed", "after_due_date"],
    ["bonus", 2, 0, "passed", "visible"],
  ]);
});

test("Classroom 50: exactly its keys, whole numbers, scores that add up, and nothing of hidden parts", () => {
  const text = classroom50Result(told([2n, 1n, 0n, 0n]), env, new Date("2026-03-01T12:00:00.123Z"));
  expect(text).not.toMatch(/secret|SECRET/);
  const result = JSON.parse(text) as Record<string, unknown> & { score: number; tests: readonly Record<string, unknown>[] };
  const keys = [
    "schema",
    "classroom",
    "assignment",
    "submission",
    "commit",
    "release",
    "review",
    "datetime",
    "score",
    "max-score",
    "tests",
  ];
  expect(Object.keys(result).toSorted()).toEqual(keys.toSorted());
  expect(result).toMatchObject({
    schema: "classroom50/result/v1",
    review: "https://x/c",
    datetime: "2026-03-01T12:00:00Z",
    "max-score": 10,
  });
  for (const one of result.tests) {
    expect(Object.keys(one).toSorted()).toEqual(["max-score", "passed", "score", "test-name"]);
    expect(Number.isInteger(one["score"]) && Number.isInteger(one["max-score"])).toBe(true);
  }
  expect(result.tests.reduce((all, { score }) => all + Number(score), 0)).toBe(result.score);
  expect(() => classroom50Result(told([0n]), {}, new Date())).toThrow("CLASSROOM is not set");
});

test("GitHub: one line of base64, ASCII inside, points as the reporter adds them", () => {
  const text = githubResult(told([3n, 3n, 3n, 0n]));
  expect(text).toMatch(/^[A-Za-z0-9+/]+=*$/);
  const json = Buffer.from(text, "base64").toString("latin1");
  expect(json).toMatch(/^[\x20-\x7e]*$/);
  const result = JSON.parse(json) as {
    version: number;
    status: string;
    max_score: number;
    tests: readonly { score: number; status: string }[];
  };
  expect(result).toMatchObject({ version: 1, status: "pass", max_score: 10 });
  expect(result.tests.reduce((all, { score }) => all + score, 0)).toBe(10);
});

test("GitHub: the result fits into a variable of the environment, however much a submission printed", () => {
  const [part] = told([0n, 0n, 0n, 0n]).parts;
  const parts = Array.from({ length: 60 }, (_, index) => ({ ...part!, name: `${index}`, text: "\u754c".repeat(50_000) }));
  const text = githubResult({ ...told([0n]), parts });
  expect(text.length).toBeLessThan(128 * 1024);
  const { tests } = JSON.parse(Buffer.from(text, "base64").toString("utf8")) as { tests: readonly { message: string }[] };
  expect(tests).toHaveLength(60);
  expect(tests[0]?.message).toMatch(/^\u754c{10,}/);
});

test("PrairieLearn and Coursera: from 0 to 1, also with extra credit, and under a megabyte", () => {
  const one = { ...told([3n, 3n, 3n, 3n]), feedback: "界".repeat(2_000_000) };
  const text = prairielearnResults({
    ...one,
    parts: Array.from({ length: 40 }, (_, index) => ({ ...told([0n]).parts[0]!, name: `${index}`, text: "界".repeat(60_000) })),
  });
  expect(Buffer.byteLength(text)).toBeLessThan(1_000_000);
  expect(JSON.parse(text)).toMatchObject({ gradable: true, score: 1 });
  expect(JSON.parse(courseraFeedback(one))).toMatchObject({ fractionalScore: 1 });
  expect(JSON.parse(courseraFeedback(told([0n])))).toMatchObject({ fractionalScore: 0 });
  // Coursera would cut it off after 64 KB, not knowing where a character ends.
  const { feedback } = JSON.parse(courseraFeedback({ ...one, feedback: "界".repeat(60_000) })) as { feedback: string };
  expect(Buffer.byteLength(feedback)).toBeLessThanOrEqual(64_000);
  expect(feedback).toMatch(/^界{20000,}\n…$/);
});

test("Autolab: the last line are the scores, no other line looks so, and no name in it has a colon", () => {
  const lines = autolabOutput(told([2n, 3n, 0n, 0n]))
    .trimEnd()
    .split("\n");
  const last = lines.at(-1) ?? "";
  expect(last).toBe('{"scores":{"first - part":3.33,"Part 2":3,"Part 3":0,"bonus":0}}');
  // As Autolab reads it: keys without quotes are given some.
  expect(JSON.parse(last.replace(/([a-zA-Z0-9]+):/g, '"$1":'))).toEqual(JSON.parse(last));
  expect(last.replace(/"[^"]*"(?=:)/g, "")).not.toMatch(/\w+:/);
  expect(lines.slice(0, -1).filter((line) => /^\s*\{/.test(line))).toEqual([]);
});

test("JUnit: one suite, different names, and well-formed whatever a submission printed", () => {
  const twins = told([0n, 0n, 0n, 0n]);
  const xml = partJunit(twins, 'A "title" <x>');
  expect(xml.match(/<testsuite /g)).toHaveLength(1);
  const names = [...xml.matchAll(/<testcase name="([^"]*)"/g)].map(([, name]) => name);
  expect(new Set(names).size).toBe(4);
  expect(xml).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]|[\ud800-\udfff]|\]\]>/);
  expect(xml).toContain('name="A &quot;title&quot; &lt;x&gt;" tests="4" failures="4"');
  // CodeGrade requires these of every case, and of a failure its message; Artemis shows nothing of a failure but that.
  expect(xml.match(/<testcase name="[^"]+" classname="[^"]+" time="0" weight="[\d.]+">/g)).toHaveLength(4);
  expect([...xml.matchAll(/weight="([\d.]+)"/g)].map(([, weight]) => weight)).toEqual(["5", "3", "2", "2"]);
  expect(xml).toMatch(/<failure message="0 \/ 5&#10;&#10;[^"]*x: \{&quot;a&quot;: 1\}/);
  expect(xml).toContain('<failure message="0 / 3"/>');
});

test("systems that know parts by their names have the same for every student, before and after the due time", () => {
  const thirds = [3n, 3n, 0n, 0n];
  const names = (more: Partial<Parameters<typeof toldOf>[2]>) => told(thirds, false, more).parts.map(({ name }) => name);
  const stable = names({ namesIn: "en" });
  expect(stable).toEqual(["first: part", "Part 2", "Part 3", "bonus"]);
  expect(names({ namesIn: "en", isOver: true, language: "zh" })).toEqual(stable);
  expect(names({ isOver: true, language: "zh" })).toEqual(["first: part", "部分 2", "third", "bonus"]);
});

test("nobody takes a fault of ours for zero points", () => {
  expect(toldOf(exercise, grade("a", [], { isFault: true }), { language: "en", isOver: true, revealsHidden: true, feedback: "" })).toBe(
    null,
  );
});

test("Canvas: the course's own rows, Section last before the one assignment, Points Possible kept", () => {
  const exported =
    "\ufeffStudent,ID,SIS User ID,SIS Login ID,Section,Other (1),Flatten (77),Final Score\r\n    Points Possible,,,,,5,10.00,(read only)\r\n" +
    '"Other, Ann",501,u1,ann,S1,4,,\r\n"Bo =cmd",502,u2,bo,S1,,7,\r\n"Student, Test",9,,x,S1,,,\r\n';
  const { text, missing } = fillCanvas(
    exported,
    exercise,
    [grade("501", [1n, 3n, 3n, 0n]), grade("bo", [], { isFault: true }), grade("zoe", [3n])],
    "Flatten",
  );
  expect(text.split("\r\n")).toEqual([
    "Student,ID,SIS User ID,SIS Login ID,Section,Flatten (77)",
    "    Points Possible,,,,,10.00",
    '"Other, Ann",501,u1,ann,S1,6.67',
    "Bo =cmd,502,u2,bo,S1,7",
    '"Student, Test",9,,x,S1,',
    "",
  ]);
  expect(missing).toEqual(["zoe"]);
  const excused =
    "LastName,FirstName,ID,SIS User ID,SIS Login ID,Section,Flatten (77)\n    Points Possible,,,,,,10\nOther,Ann,501,u1,ann,S1,EX\n";
  expect(fillCanvas(excused, exercise, [grade("501", [3n])], "Flatten").text).toContain("Other,Ann,501,u1,ann,S1,EX\r\n");
  expect(() => fillCanvas(exported.replace("Flatten (77)", "Final Grade (77)"), exercise, [], "Final Grade")).toThrow("leaves out columns");
  expect(() => fillCanvas(exported, exercise, [], "Nothing")).toThrow("no assignment is named Nothing; there are Other (1), Flatten (77)");
  expect(() => fillCanvas(exported, exercise, [], "Other")).toThrow("has 5 points possible there, the exercise 10");
  expect(() => fillCanvas("a,b\n", exercise, [], "Other")).toThrow("no gradebook that Canvas exported");
});

test("Moodle: grade and comments of the worksheet's own rows, and nothing else", () => {
  const head =
    "Identifier,Full name,Email address,Status,Grade,Maximum Grade,Grade can be changed,Last modified (submission),Last modified (grade),Feedback comments";
  const worksheet = `${head}\nParticipant 501,=Ann,a@x,Submitted,,10.00,Yes,-,-,\nParticipant 502,Bo,b@x,Submitted,1.00,10.00,No,-,-,old\nParticipant 503,Chen,c@x,No submission,,10.00,Yes,-,-,\n`;
  const { text } = fillMoodle(worksheet, exercise, [grade("501", [3n, 3n, 3n, 0n]), grade("502", [3n])], () => "<b>\nhi");
  expect(text.split("\r\n")).toEqual([
    head,
    `Participant 501,'=Ann,a@x,Submitted,10,10.00,Yes,-,-,"<pre>&lt;b&gt;\nhi</pre>"`,
    "Participant 502,Bo,b@x,Submitted,1.00,10.00,No,-,-,old",
    "Participant 503,Chen,c@x,No submission,,10.00,Yes,-,-,",
    "",
  ]);
  expect(() => fillMoodle(worksheet.replace("Last modified (grade)", "Zuletzt"), exercise, [], () => "")).toThrow("Last modified (grade)");
  expect(() => fillMoodle(worksheet.replaceAll("10.00", "100.00"), exercise, [grade("501", [3n])], () => "")).toThrow(
    "maximum grade is 100.00",
  );
});
