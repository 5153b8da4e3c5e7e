import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hasNamespaces } from "../../support/engine-allowed.ts";
import { dir, file, symlink, tarOf } from "../../support/tar-of.ts";

const slipway = join(import.meta.dirname, "../../../dist/bin/slipway.js");

/** Exercises on what else than a script is handed in, each proved by `slipway exercise check` and then graded. */
describe.skipIf(!existsSync(slipway) || !hasNamespaces)("kinds of hand-ins (needs a build, and user namespaces)", () => {
  let place: string;
  beforeAll(() => {
    place = mkdtempSync(join(tmpdir(), "slipway-test-hand-ins-"));
  });
  afterAll(() => rmSync(place, { recursive: true, force: true }));

  function write(files: Readonly<Record<string, string | Uint8Array>>): void {
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(join(place, dirname(path)), { recursive: true });
      writeFileSync(join(place, path), content);
    }
  }

  function run(...argv: readonly string[]): { readonly status: number | null; readonly stdout: string; readonly stderr: string } {
    const env = { ...process.env, TMPDIR: place, LANG: "C.UTF-8", LC_ALL: "" };
    return spawnSync(process.execPath, [slipway, ...argv], { cwd: place, env, encoding: "utf8", timeout: 290_000 });
  }

  const points = (out: string): readonly string[] =>
    readFileSync(join(place, out, "gradebook.csv"), "utf8")
      .trim()
      .split("\r\n")
      .slice(1)
      .map((line) => line.split(",").toSpliced(1, 1).slice(0, 3).join(" "));

  test("answers are read as text: each has its points, and a hint that waits for the second attempt", () => {
    write({
      "quiz/exercise.yaml": `title: Layers
task: "In answers.txt, a line for each question, such as 1: b"
handIn: { files: [{ path: answers.txt, maxBytes: 2000 }] }
points: 3
hintsFrom: 2
scenarios: [{ file: quiz.yaml }]
knownBad:
  one-wrong: { points: 2, fails: { quiz: [expect/2/files/0] } }
  an-essay: { points: 0, fails: { quiz: [expect/1/files/0, expect/2/files/0, expect/3/files/0] } }
  all-letters: { points: 0, fails: { quiz: [expect/1/files/0, expect/2/files/0, expect/3/files/0] } }
`,
      "quiz/quiz.yaml": `name: quiz
points: 3
steps: [{ run: cat answers.txt; true }]
expect:
  - { title: the number of layers, points: 1, files: [{ path: answers.txt, content: { matches: '^1:[ \\t]*c$' } }] }
  - { title: what keeps the history, points: 1, help: load, files: [{ path: answers.txt, content: { matches: '^2:[ \\t]*a$' } }] }
  - { title: where a volume is, points: 1, files: [{ path: answers.txt, content: { matches: '^3:[ \\t]*b$' } }] }
`,
      "quiz/solution/answers.txt": "1: c\n2: a\n3: b\n",
      "quiz/known-bad/one-wrong/answers.txt": "1: c\n2: b\n3: b\n",
      "quiz/known-bad/an-essay/answers.txt": "I think that the first is c, 2: a of course.\n",
      "quiz/known-bad/all-letters/answers.txt": "1: abcd\n2: abcd\n3: abcd\n",
      "quiz-in/ann/answers.txt": "1: c\r\n2: b\r\n3: b\r\n",
      "quiz-in/bo/answers.txt": "1: c\n2: b\n",
      "quiz-in/submissions.csv": "id,name,attempt\nann,,1\nbo,,2\n",
    });
    const check = run("exercise", "check", "quiz", "--runs", "1");
    expect([check.stderr, check.status]).toEqual(["", 0]);
    expect(run("grade", "quiz", "-s", "quiz-in", "-o", "quiz-out").status).toBe(0);
    expect(points("quiz-out")).toEqual(["ann graded 2", "bo graded 1"]);
    const [ann, bo] = ["ann", "bo"].map((id) => readFileSync(join(place, `quiz-out/feedback/${id}.md`), "utf8"));
    expect(ann).not.toContain("load");
    expect(bo).toContain("> Hint: load");
  }, 300_000);

  test("a tar that is asked for is handed in as it is, and what it would do elsewhere than in an image is nothing", () => {
    const rootfs = (motd: string): Buffer => tarOf(dir("etc"), file("etc/motd", motd));
    write({
      "tar/exercise.yaml": `title: An image of one file
task: Hand in fs.tar, of which docker import makes an image whose /etc/motd says "kept".
handIn: { files: [{ path: fs.tar, maxBytes: 100000 }] }
points: 2
scenarios: [{ file: s.yaml }]
knownBad:
  other-text: { points: 1, fails: { imported: [expect/2/files/0] } }
  no-tar: { points: 0, fails: { imported: [step-1, expect/1/images/handed:v1, expect/2/files/0] } }
  too-long: { refused: true }
`,
      "tar/s.yaml": `name: imported
points: 2
steps: [{ run: docker import fs.tar handed:v1 }]
expect:
  - { points: 1, images: { "handed:v1": present } }
  - { points: 1, files: [{ image: "handed:v1", path: /etc/motd, content: kept }] }
`,
      "tar/solution/fs.tar": rootfs("kept\n"),
      "tar/known-bad/other-text/fs.tar": rootfs("lost\n"),
      "tar/known-bad/no-tar/fs.tar": "no tar at all",
      "tar/known-bad/too-long/fs.tar": Buffer.alloc(100_001),
      // A single archive stands for what is in it only when it is not what was asked for.
      "tar-in/ann/fs.tar": rootfs("kept\n"),
      "tar-in/bo.tar.gz": gzipSync(tarOf(file("fs.tar", rootfs("kept\n")))),
      "tar-in/eve/fs.tar": tarOf(dir("etc"), symlink("etc/motd", "../../../../../../tmp/work/fs.tar"), file("../../../../x", "out")),
      "tar-in/zip/fs.tar": gzipSync(Buffer.alloc(60_000_000)),
    });
    const check = run("exercise", "check", "tar", "--runs", "1");
    expect([check.stderr, check.status]).toEqual(["", 0]);
    expect(run("grade", "tar", "-s", "tar-in", "-o", "tar-out").status).toBe(0);
    expect(points("tar-out")).toEqual(["ann graded 2", "bo graded 2", "eve graded 0", "zip graded 1"]);
  }, 300_000);

  test("a submission that prints what the host says when it has no such user is wrong, and no fault of ours", () => {
    write({
      "user/exercise.yaml": "title: Users\nhandIn: { files: [{ path: run.sh }] }\npoints: 1\nscenarios: [{ file: s.yaml }]\n",
      "user/s.yaml": 'name: s\npoints: 1\nsteps: [{ run: sh run.sh, user: "1000:1000", expect: { stdout: "1000" } }]\n',
      "user/solution/run.sh": "id -u\n",
      "user-in/ann/run.sh": "id -u\n",
      "user-in/eve/run.sh": "echo 'setpriv: setgroups failed: Operation not permitted' >&2; exit 127\n",
    });
    expect(run("grade", "user", "-s", "user-in", "-o", "user-out").status).toBe(0);
    expect(points("user-out")).toEqual(["ann graded 1", "eve graded 0"]);
  }, 300_000);

  test("an engine's socket is in a container where the exercise asks for it, and nowhere else", () => {
    const exercise = (asks: string): string =>
      `title: Sockets\nhandIn: { files: [{ path: ask.sh }] }\n${asks}points: 1\nscenarios: [{ file: s.yaml }]\n`;
    const script =
      'docker run --rm -v /var/run/docker.sock:/s busybox sh -c "test -S /s && echo there"; docker run --rm -v /run/slipway:/s busybox ls /s\n';
    write({
      "asks/exercise.yaml": exercise("engineSocket: true\n"),
      "plain/exercise.yaml": exercise(""),
      "sock-in/ann/ask.sh": script,
    });
    for (const name of ["asks", "plain"]) {
      write({
        [`${name}/s.yaml`]: "name: s\npoints: 1\nimages: [busybox]\nsteps: [{ run: sh ask.sh; true, expect: { stdout: there } }]\n",
        [`${name}/solution/ask.sh`]: script,
      });
      expect(run("grade", name, "-s", "sock-in", "-o", `${name}-out`).status).toBe(0);
    }
    expect([points("asks-out"), points("plain-out")]).toEqual([["ann graded 1"], ["ann graded 0"]]);
  }, 300_000);
});
