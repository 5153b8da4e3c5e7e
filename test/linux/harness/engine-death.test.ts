import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import type { StudentResult } from "../../../src/harness/grade/student-result.ts";
import { hasNamespaces } from "../../support/engine-allowed.ts";

const project = join(import.meta.dirname, "../../..");
const slipway = join(project, "dist/bin/slipway.js");
const allowed = process.getuid?.() === 0 && hasNamespaces;
const hasMemoryGroups = existsSync("/sys/fs/cgroup/memory/memory.limit_in_bytes") || existsSync("/sys/fs/cgroup/cgroup.controllers");

const EXERCISE = `title: Make one
handIn: { files: [{ path: work.sh }] }
limits: { engineMemory: 192M, disk: 768M, memory: 1G }
scenarios: [{ file: work.yaml, points: 1 }]
`;
const SCENARIO = `name: work
images: [busybox]
timeout: 60s
steps: [{ run: sh work.sh, expect: [{ exitCode: any }] }]
expect: [{ title: it is there, points: 1, containers: { made: present } }]
`;
const HONEST = "docker create --name made busybox true\n";
/** What an engine writes for others is memory of its own: incompressible, so that the blob is as large as what it unpacks to. */
const GLUTTON = `${HONEST}head -c 180M /dev/urandom > a && tar -cf a.tar a && rm a && for i in 1 2 3; do docker import a.tar "big:$i"; done; true\n`;

describe.skipIf(!existsSync(slipway) || !allowed || !hasMemoryGroups)(
  "an engine that is made to die (needs a build, root, memory cgroups)",
  () => {
    test("one that a submission makes outgrow its memory ends alone: that submission waits for a person, the others have their grades", () => {
      const place = mkdtempSync(join(tmpdir(), "slipway-test-death-"));
      try {
        chmodSync(place, 0o700);
        const files = {
          "exercise/exercise.yaml": EXERCISE,
          "exercise/work.yaml": SCENARIO,
          "exercise/solution/work.sh": HONEST,
          "s/aa-honest/work.sh": HONEST,
          "s/glutton/work.sh": GLUTTON,
          "s/zz-honest/work.sh": HONEST,
        };
        for (const [path, text] of Object.entries(files)) {
          mkdirSync(dirname(join(place, path)), { recursive: true });
          writeFileSync(join(place, path), text);
        }
        const { status, stdout, stderr } = spawnSync(process.execPath, [slipway, "grade", "exercise", "-s", "s", "-o", "out", "-j", "2"], {
          cwd: place,
          env: { PATH: process.env["PATH"], TMPDIR: place, LANG: "C.UTF-8" },
          encoding: "utf8",
        });
        const result = (id: string) => JSON.parse(readFileSync(join(place, "out/results", `${id}.json`), "utf8")) as StudentResult;
        expect.soft(stdout + stderr).toContain("glutton  no grade: to be looked at");
        expect.soft(status).toBe(3);
        for (const id of ["aa-honest", "zz-honest"]) {
          expect(result(id)).toMatchObject({ status: "graded", tasks: [{ earned: "1" }] });
        }
        expect(result("glutton").status).toBe("review");
        expect(readFileSync(join(place, "out/feedback/glutton.md"), "utf8")).toContain("The course will look at it");
        expect(readFileSync(join(place, "out/gradebook.csv"), "utf8")).toMatch(/^glutton,,review,,/m);
        expect(readdirSync(place).toSorted()).toEqual(["exercise", "out", "s"]);
      } finally {
        rmSync(place, { recursive: true, force: true });
      }
    }, 300_000);
  },
);
