import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { hasNamespaces } from "../../support/engine-allowed.ts";
import { zipOf } from "../../support/zip-of.ts";

const slipway = join(import.meta.dirname, "../../../dist/bin/slipway.js");

const GOOD = "docker create --name hello busybox true\n";
const FILES = {
  "ex/exercise.yaml": `title: Hello\nhandIn: { files: [{ path: hello.sh }] }\nscenarios: [{ file: hello.yaml, points: 4 }]\n`,
  "ex/hello.yaml": `name: hello
images: [busybox]
steps: [{ run: sh hello.sh, expect: [{ exitCode: any }] }]
expect: [{ title: it is there, points: 4, containers: { hello: present } }]
`,
  "ex/solution/hello.sh": GOOD,
  "canvas-export.csv": `\ufeffStudent,ID,SIS Login ID,Section,Hello (77),Final Score
    Points Possible,,,,4,(read only)
"Müller, Jürgen",501,u1,S1,,
"王, 伟",502,u2,S1,,
"Student, Test",9,x,S1,,
`,
  "moodle-sheet.csv": `\ufeffIdentifier,"Full name",Status,Grade,"Maximum Grade","Grade can be changed","Last modified (submission)","Last modified (grade)","Feedback comments"
"Participant 501","Jürgen Müller",Submitted,,4.00,Yes,-,-,
"Participant 502",王伟,Submitted,,4.00,Yes,-,-,
`,
};

describe.skipIf(!existsSync(slipway) || !hasNamespaces)(
  "what a course's system gives to download (needs a build, and user namespaces)",
  () => {
    let place: string;
    beforeEach(() => {
      place = mkdtempSync(join(tmpdir(), "slipway-test-layouts-"));
      for (const [path, text] of Object.entries(FILES)) {
        mkdirSync(dirname(join(place, path)), { recursive: true });
        writeFileSync(join(place, path), text);
      }
    });
    afterEach(() => rmSync(place, { recursive: true, force: true }));

    function run(...argv: readonly string[]) {
      const env = { ...process.env, TMPDIR: place, LANG: "C.UTF-8", LC_ALL: "" };
      return spawnSync(process.execPath, [slipway, ...argv], { cwd: place, env, encoding: "utf8" });
    }
    function put(name: string, files: Readonly<Record<string, string>>): void {
      writeFileSync(join(place, name), zipOf(...Object.entries(files).map(([path, text]) => ({ path, content: Buffer.from(text) }))));
    }

    test("Canvas's zip, with what came late and again, is graded and fills the gradebook that Canvas exported", () => {
      put("canvas.zip", { "mullerjurgen_501_9001_hello-2.sh": GOOD, "wangwei_LATE_502_9002_hello.sh": "true\n" });
      expect(run("grade", "ex", "-s", "canvas.zip", "-o", "out")).toMatchObject({ status: 0, stderr: "" });
      expect(
        run("export", "canvas", "ex", "-s", "canvas.zip", "-o", "out", "--fill", "canvas-export.csv").stdout.replaceAll("\r\n", "\n"),
      ).toBe(
        `Student,ID,SIS Login ID,Section,Hello (77)
    Points Possible,,,,4
"Müller, Jürgen",501,u1,S1,4
"王, 伟",502,u2,S1,0
"Student, Test",9,x,S1,
`,
      );
    }, 180_000);

    test("Moodle's zip, with names of any language, is graded and fills the worksheet", () => {
      put("moodle.zip", {
        "Jürgen Müller_501_assignsubmission_file_/hello.sh": "true\n",
        "王伟_502_assignsubmission_file_/hello.sh": GOOD,
        "王伟_502_assignsubmission_onlinetext_/onlinetext.html": "<p>see the file</p>",
      });
      expect(run("grade", "ex", "-s", "moodle.zip", "-o", "out")).toMatchObject({ status: 0, stderr: "" });
      expect(readFileSync(join(place, "out/gradebook.csv"), "utf8")).toMatch(/^502,王伟,graded,4,4,/m);
      const { stdout } = run("export", "moodle", "ex", "-s", "moodle.zip", "-o", "out", "--fill", "moodle-sheet.csv", "--lang", "zh");
      expect(stdout).toContain("Participant 501,Jürgen Müller,Submitted,0,4.00,Yes,-,-,");
      expect(stdout).toContain("Participant 502,王伟,Submitted,4,4.00,Yes,-,-,");
      expect(stdout).toContain("没有容器 hello");
    }, 180_000);
  },
);
