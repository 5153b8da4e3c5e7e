import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { StudentResult } from "../../../src/harness/grade/student-result.ts";
import { hostileSubmissions } from "../../support/hostile-submissions.ts";
import { hasNamespaces } from "../../support/engine-allowed.ts";

const project = join(import.meta.dirname, "../../..");
const slipway = join(project, "dist/bin/slipway.js");
const allowed = process.getuid?.() === 0 && hasNamespaces;

/** Every cheat in one grading: docs/security.md says what each is. */
describe.skipIf(!existsSync(slipway) || !allowed)("hostile submissions (needs a build, and root with user namespaces)", () => {
  let place: string;
  let child: ChildProcess;
  let exitCode: number | null;
  let stdout = "";
  const token = `SECRET${randomBytes(8).toString("hex")}`;
  const before = leftovers();

  beforeAll(async () => {
    place = mkdtempSync(join(tmpdir(), "slipway-test-hostile-"));
    // The runner's own folder is nobody else's, as docs/grading.md says.
    chmodSync(place, 0o700);
    cpSync(join(project, "test/fixtures/hostile"), join(place, "exercise"), { recursive: true });
    writeFileSync(join(place, "exercise/solution/note"), token);
    const submissions = hostileSubmissions({
      paths: [
        "exercise/exercise.yaml",
        "exercise/solution/note",
        "submissions/zz-honest/cheat.sh",
        "out/results",
        "exercise/scenarios/hidden.yaml",
      ].map((path) => join(place, path)),
    });
    const honest = `mkdir out && echo "$1" > out/answer.txt && tar -C out -cf out/made.tar answer.txt && docker run --name done busybox sh -c 'echo "$0"; echo "$0" > /answer' "$1"\n`;
    for (const [id, script] of Object.entries({ ...submissions, "aa-honest": honest, "zz-honest": honest })) {
      mkdirSync(join(place, "submissions", id), { recursive: true });
      writeFileSync(join(place, "submissions", id, "cheat.sh"), script);
    }
    writeFileSync(join(place, "submissions/submissions.csv"), `id,name\nforger,"=cmd|' /C calc'!A0\u001b[2J<script>"\nescaper,@SUM(1)\n`);
    const grade = [process.execPath, slipway, "grade", "exercise", "-s", "submissions", "-o", "out", "-j", "3"];
    child = spawn("perl", ["-e", process.arch === "x64" ? withKey : "exec @ARGV", ...grade], {
      cwd: place,
      env: { PATH: process.env["PATH"], TMPDIR: place, TOKEN: token, LANG: "C.UTF-8" },
      stdio: ["ignore", "pipe", "pipe"],
    });
    child.stdout?.on("data", (chunk) => (stdout += String(chunk)));
    child.stderr?.on("data", (chunk) => (stdout += String(chunk)));
    exitCode = await new Promise((resolve) => child.once("close", resolve));
  }, 600_000);
  afterAll(() => {
    child.kill("SIGKILL");
    rmSync(place, { recursive: true, force: true });
  });

  const result = (id: string) => JSON.parse(readFileSync(join(place, "out/results", `${id}.json`), "utf8")) as StudentResult;
  const printed = (id: string): string =>
    result(id)
      .tasks.flatMap(({ result: { checks } }) => checks.flatMap(({ output }) => (output === null ? [] : [output.stdout, output.stderr])))
      .join("\n");
  const won = (id: string): readonly string[] => [...new Set(printed(id).match(/^won .*$/gm))];

  test("nobody else's grade is touched, before or after: everybody has one, and the fault is never ours", () => {
    expect(stdout).not.toMatch(/our fault|review/);
    expect(`${exitCode} ${stdout}`).toMatch(/^0 /);
    for (const id of ["aa-honest", "zz-honest"]) expect(result(id).tasks.map(({ earned }) => earned)).toEqual(["6", "4"]);
    for (const id of [
      "reader",
      "escaper",
      "asker",
      "forger",
      "bomber",
      "filler",
      "talker",
      "breaker",
      "racer",
      "muddler",
      "stranger",
      "trapper",
    ]) {
      expect([id, result(id).status, ...result(id).tasks.map(({ earned }) => earned)]).toEqual([id, "graded", "0", "0"]);
    }
  });

  test("the scenario, the solution, other submissions, results and the runner's environment cannot be read", () => {
    expect(printed("reader")).toContain("tried store");
    expect(printed("reader")).toContain("tried keyrings");
    const all = JSON.stringify(["reader", "escaper", "asker", "forger"].map((id) => result(id)));
    expect(all).not.toContain(token);
    expect(printed("reader")).not.toMatch(/maxBytes|the-hidden-answer|gradedAt/);
    expect(won("reader")).toEqual([]);
  });

  test("no known way leads out of the jail or of a container", () => {
    expect(printed("escaper").match(/^tried /gm)?.length).toBe(22);
    expect(printed("asker").match(/^tried /gm)?.length).toBe(65);
    expect([...won("escaper"), ...won("asker")]).toEqual(["won control"]);
  });

  test("forged results, commands, sockets and images change nothing", () => {
    expect(won("forger")).toEqual([]);
    for (const {
      result: { checks },
    } of result("forger").tasks) {
      expect(checks.filter(({ id, type }) => type !== "step" && !id.startsWith("expect/2")).map(({ id, outcome }) => [id, outcome]))
        .toMatchInlineSnapshot(`
        [
          [
            "step-2/stdout",
            "pass",
          ],
          [
            "step-3/stdout",
            "pass",
          ],
          [
            "expect/1/containers/done",
            "fail",
          ],
          [
            "expect/1/logs/done",
            "fail",
          ],
        ]
      `);
    }
  });

  test("what is left for later steps to trip over does nothing to them", () => {
    expect(won("trapper")).toEqual([]);
    for (const { result: ran } of result("trapper").tasks) {
      expect(ran.checks.filter(({ id }) => id === "step-2/stdout" || id === "step-3/stdout").map(({ outcome }) => outcome)).toEqual([
        "pass",
        "pass",
      ]);
    }
  });

  test("what never ends is ended, with all that it started", () => {
    const [step] = result("bomber").tasks[0]?.result.checks ?? [];
    expect(step?.outcome).toBe("fail");
    expect(result("bomber").tasks[0]?.result.checks.filter(({ outcome }) => outcome === "pass").length).toBeGreaterThan(0);
    expect(leftovers().filter((one) => !before.includes(one))).toEqual([]);
  });

  test("nothing can be filled but what is the submission's own", () => {
    expect(printed("filler")).toContain("tried memory");
    expect(won("filler")).toEqual([]);
    expect(printed("talker").length).toBeLessThan(5_000_000);
  });

  test("no file that people or programs read has a terminal's commands, formulas or mark-up of theirs", () => {
    const book = readFileSync(join(place, "out/gradebook.csv"), "utf8");
    expect(book).toContain("'=cmd|");
    expect(book).toContain("'@SUM(1)");
    const feedback = readFileSync(join(place, "out/feedback/forger.md"), "utf8");
    for (const text of [stdout, book, feedback]) expect(text).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/);
    expect(feedback.replaceAll(/```[^]*?```/g, "")).not.toContain("<script>");
  });
});

/** Runs a command with a session keyring of its own that has a key: join it, and add a key of type `user` (x86-64's numbers). */
const withKey = `syscall(250, 1, 0); my @key = ("user", "slipway-test", $ENV{TOKEN}); syscall(248, @key, length $ENV{TOKEN}, -3); exec @ARGV`;

/** What a hostile submission may leave on the host: its own processes, mounts, cgroups. */
function leftovers(): readonly string[] {
  const find = (command: string): readonly string[] =>
    spawnSync("sh", ["-c", command], { encoding: "utf8" }).stdout.split("\n").filter(Boolean);
  return [
    ...find("ps axww -o args | grep -E '[s]leep 4242|[s]lipway-test-hostile' | grep -v vitest"),
    ...find("grep slipway-test-hostile /proc/mounts"),
    ...find("ls /tmp/trap /var/tmp/trap /dev/shm/trap /var/tmp/big /dev/shm/big 2>/dev/null"),
  ];
}
