import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Cohort, readCohort } from "../../../../src/harness/grade/cohort.ts";
import { readSubmission } from "../../../../src/harness/grade/read-submission.ts";
import { device, file, symlink, tarOf } from "../../../support/tar-of.ts";
import { zipOf } from "../../../support/zip-of.ts";

let place: string;
beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), "slipway-test-cohort-"));
});
afterEach(() => rmSync(place, { recursive: true, force: true }));

const handIn = { files: [{ path: "run.sh", maxBytes: 1000, executable: true }] };
const item = (path: string, content: string | Buffer = "echo") => ({ path, content: Buffer.from(content as string) });
function put(path: string, content: string | Buffer): void {
  mkdirSync(dirname(join(place, path)), { recursive: true });
  writeFileSync(join(place, path), content);
}
async function summary(cohort: Cohort): Promise<readonly string[]> {
  return await Promise.all(
    cohort.students.map(async ({ id, name, work }) => {
      if (work === null) return `${id}: nothing`;
      const { files, notices } = await readSubmission(work, handIn);
      const said = notices.map(({ path, text }) => `${path} ${text.en}`);
      return `${id} (${name ?? ""}): ${[...files.map(({ path, content }) => `${path}=${Buffer.from(content).toString()}`), ...said].join("; ")}`;
    }),
  );
}

test("a folder has a folder or an archive for each student, alone or in the one folder that was packed", async () => {
  put("anna/run.sh", "a");
  put("anna/old/run.sh", "not this one");
  put("bo.zip", zipOf(item("work/run.sh", "b"), item("__MACOSX/work/._run.sh", "junk")));
  put("chen.tar", tarOf(file("./run.sh", "c")));
  put("dora.tar.gz", gzipSync(tarOf(file("run.sh", "d"))));
  put("eve/handed-in.zip", zipOf(item("run.sh", "e")));
  put("notes.txt", "");
  put("submissions.csv", "id,name,attempt\nanna,Anna,3\nfred,Fred,\n");
  const cohort = await readCohort(place);
  expect(cohort.leftOut).toEqual(["notes.txt"]);
  expect(cohort.students[0]?.attempt).toBe(3);
  expect(await summary(cohort)).toEqual([
    "anna (Anna): run.sh=a; old/run.sh it was not asked for, and left aside",
    "bo (): run.sh=b",
    "chen (): run.sh=c",
    "dora (): run.sh=d",
    "eve (): run.sh=e",
    "fred: nothing",
  ]);
});

test("what Canvas and Moodle give to download is told apart by its names, unpacked or not", async () => {
  put("otherann_501_9001_run.sh", "a");
  put("boberts_LATE_502_9002_run-1.sh", "b");
  put("chen_503_9003_work.zip", zipOf(item("run.sh", "c")));
  put("Dora Miller_504_assignsubmission_file_/run.sh", "d");
  const expected = ["501 (otherann): run.sh=a", "502 (boberts): run.sh=b", "503 (chen): run.sh=c", "504 (Dora Miller): run.sh=d"];
  expect(await summary(await readCohort(place))).toEqual(expected);
  const zip = zipOf(
    item("otherann_501_9001_run.sh", "a"),
    item("boberts_LATE_502_9002_run-1.sh", "b"),
    { path: "chen_503_9003_work.zip", content: zipOf(item("run.sh", "c")) },
    item("Dora Miller_504_assignsubmission_file_/run.sh", "d"),
  );
  put("all.zip", zip);
  expect(await summary(await readCohort(join(place, "all.zip")))).toEqual(expected);
});

test("a zip that Info-ZIP made has names in any language, times to the second, and whose folder is empty handed nothing in", async () => {
  put(
    "x.zip",
    Buffer.from(
      "UEsDBAoAAAAAADU+dl0AAAAAAAAAAAAAAAAHABwA546L5LyfL1VUCQADFi4CaxYuAmt1eAsAAQQAAAAABAAAAABQSwMECgAAAAAAAZBhXMTyx/YCAAAAAgAA" +
        "AA0AHADnjovkvJ8vcnVuLnNoVVQJAAMhDqRpIQ6kaXV4CwABBAAAAAAEAAAAAGIKUEsDBAoAAAAAADU+dl0AAAAAAAAAAAAAAAAIABwAasO8cmdlbi9VVAkA" +
        "AxYuAmsWLgJrdXgLAAEEAAAAAAQAAAAAUEsBAh4DCgAAAAAANT52XQAAAAAAAAAAAAAAAAcAGAAAAAAAAAAQAO1BAAAAAOeOi+S8ny9VVAUAAxYuAmt1eAsA" +
        "AQQAAAAABAAAAABQSwECHgMKAAAAAAABkGFcxPLH9gIAAAACAAAADQAYAAAAAAABAAAApIFBAAAA546L5LyfL3J1bi5zaFVUBQADIQ6kaXV4CwABBAAAAAAE" +
        "AAAAAFBLAQIeAwoAAAAAADU+dl0AAAAAAAAAAAAAAAAIABgAAAAAAAAAEADtQYoAAABqw7xyZ2VuL1VUBQADFi4Ca3V4CwABBAAAAAAEAAAAAFBLBQYAAAAA" +
        "AwADAO4AAADMAAAAAAA=",
      "base64",
    ),
  );
  const cohort = await readCohort(join(place, "x.zip"));
  expect(await summary(cohort)).toEqual(["jürgen (): run.sh it was not handed in", "王伟 (): run.sh=b\n"]);
  const { work } = cohort.students[1] ?? { work: null };
  expect(work && (await readSubmission(work, handIn)).modifiedAt).toEqual(new Date("2026-03-01T10:00:01Z"));
});

test("a list says where each one's work is", async () => {
  put("work/a/run.sh", "a");
  put("work/b.sh", "b");
  put("list.csv", "id,path\nanna,work/a\nbo,work/b.sh\nchen,\n");
  expect(await summary(await readCohort(join(place, "list.csv")))).toEqual([
    "anna (): run.sh=a",
    "bo (): b.sh it was not asked for, and left aside; run.sh it was not handed in",
    "chen: nothing",
  ]);
  put("list.csv", "id,path\nanna,nowhere\n");
  await expect(readCohort(join(place, "list.csv"))).rejects.toThrow("the work of anna cannot be found");
});

test("zips are read as other systems make them: sizes behind the data or of 64 bits, names in older encodings; an encrypted one is refused", async () => {
  // Made by Info-ZIP 3.0 and Python's zipfile: each a run.sh, the last three with a file besides.
  const zips = {
    encrypted:
      "UEsDBAoACQAAAABQYVyKvCpBEgAAAAYAAAAGABwAcnVuLnNoVVQJAAMgDqRpIA6kaXV4CwABBAAAAAAEAAAAAHfZNa4eHqZh5/Td7iDSSQZFHFBLBwiKvCpBEgAAAAYAAABQSwECHgMKAAkAAAAAUGFcirwqQRIAAAAGAAAABgAYAAAAAAABAAAApIEAAAAAcnVuLnNoVVQFAAMgDqRpdXgLAAEEAAAAAAQAAAAAUEsFBgAAAAABAAEATAAAAGIAAAAAAA==",
    "info-zip-stream":
      "UEsDBBQACAAIAABQYVwAAAAAAAAAAAYAAAAGABwAcnVuLnNoVVQJAAMgDqRpclsCa3V4CwABBAAAAAAEAAAAAEtNzshXqAAAUEsHCIq8KkEIAAAABgAAAFBLAQIeAxQACAAIAABQYVyKvCpBCAAAAAYAAAAGABgAAAAAAAEAAACkgQAAAABydW4uc2hVVAUAAyAOpGl1eAsAAQQAAAAABAAAAABQSwUGAAAAAAEAAQBMAAAAWAAAAAAA",
    "python-stream64":
      "UEsDBC0ACAAAAABgYVwAAAAA//////////8GABQAcnVuLnNoAQAQAAAAAAAAAAAAAAAAAAAAAABlY2hvIHhQSwcIirwqQQYAAAAAAAAABgAAAAAAAABQSwECLQMtAAgAAAAAYGFcirwqQQYAAAAGAAAABgAAAAAAAAAAAAAAgAEAAAAAcnVuLnNoUEsFBgAAAAABAAEANAAAAFYAAAAAAA==",
    "python-zip64":
      "UEsDBC0AAAAIAABQYVyKvCpB//////////8GABQAcnVuLnNoAQAQAAYAAAAAAAAACAAAAAAAAABLTc7IV6gAAFBLAQItAy0AAAAIAABQYVyKvCpB//////////8GABQAAAAAAAAAAACkgQAAAABydW4uc2gBABAABgAAAAAAAAAIAAAAAAAAAFBLBgYsAAAAAAAAAC0ALQAAAAAAAAAAAAEAAAAAAAAAAQAAAAAAAABIAAAAAAAAAEAAAAAAAAAAUEsGBwAAAACIAAAAAAAAAAEAAABQSwUGAAAAAAEAAQBIAAAAQAAAAAAA",
    "windows-gb2312":
      "UEsDBBQAAAAIAABgYVyKvCpBCAAAAAYAAAAGAAAAcnVuLnNoS03OyFeoAABQSwMEFAAAAAAAAGBhXBT6vc8EAAAABAAAAA0AAADLtcP3L9f30rUudHh0bm90ZVBLAQIUAxQAAAAIAABgYVyKvCpBCAAAAAYAAAAGAAAAAAAAAAAAAACAAQAAAABydW4uc2hQSwECFAMUAAAAAAAAYGFcFPq9zwQAAAAEAAAADQAAAAAAAAAAAAAAgAEsAAAAy7XD9y/X99K1LnR4dFBLBQYAAAAAAgACAG8AAABbAAAAAAA=",
    "windows-cp437":
      "UEsDBBQAAAAIAABgYVyKvCpBCAAAAAYAAAAGAAAAcnVuLnNoS03OyFeoAABQSwMEFAAAAAAAAGBhXBT6vc8EAAAABAAAAAwAAABNgWxsZXIggi50eHRub3RlUEsBAhQDFAAAAAgAAGBhXIq8KkEIAAAABgAAAAYAAAAAAAAAAAAAAIABAAAAAHJ1bi5zaFBLAQIUAxQAAAAAAABgYVwU+r3PBAAAAAQAAAAMAAAAAAAAAAAAAACAASwAAABNgWxsZXIggi50eHRQSwUGAAAAAAIAAgBuAAAAWgAAAAAA",
    "unicode-field":
      "UEsDBBQAAAAIAABgYVyKvCpBCAAAAAYAAAAGAAAAcnVuLnNoS03OyFeoAABQSwMEFAAAAAAAAGBhXBT6vc8EAAAABAAAAAYAEwA/Py50eHR1cA8AAdZlBMTkvZzkuJoudHh0bm90ZVBLAQIUAxQAAAAIAABgYVyKvCpBCAAAAAYAAAAGAAAAAAAAAAAAAACAAQAAAABydW4uc2hQSwECFAMUAAAAAAAAYGFcFPq9zwQAAAAEAAAABgATAAAAAAAAAAAAgAEsAAAAPz8udHh0dXAPAAHWZQTE5L2c5LiaLnR4dFBLBQYAAAAAAgACAHsAAABnAAAAAAA=",
  };
  for (const [name, bytes] of Object.entries(zips)) put(`${name}.zip`, Buffer.from(bytes, "base64"));
  expect(await summary(await readCohort(place))).toEqual([
    "encrypted (): archive the archive cannot be read: run.sh is encrypted",
    "info-zip-stream (): run.sh=echo x",
    "python-stream64 (): run.sh=echo x",
    "python-zip64 (): run.sh=echo x",
    "unicode-field (): run.sh=echo x; 作业.txt it was not asked for, and left aside",
    "windows-cp437 (): run.sh=echo x; Müller é.txt it was not asked for, and left aside",
    "windows-gb2312 (): run.sh=echo x; 说明/作业.txt it was not asked for, and left aside",
  ]);
});

test("folders around what was handed in, what systems add, and names that are no text do not stand in its way", async () => {
  put("mac.zip", zipOf(item("hw/hw/run.sh", "m"), item("__MACOSX/hw/hw/._run.sh", "junk"), item("hw/.DS_Store", "junk")));
  put("back.zip", zipOf(item("hw\\", ""), item("hw\\run.sh", "w")));
  put("raw.tar", tarOf(file("run.sh", "t")));
  put("folder/run.sh", "f");
  writeFileSync(Buffer.concat([Buffer.from(join(place, "folder/")), Buffer.from([0xb5, 0xc4])]), "no UTF-8");
  expect(await summary(await readCohort(place))).toEqual([
    "back (): run.sh=w",
    "folder (): run.sh=f; \ufffd\ufffd it was not asked for, and left aside",
    "mac (): run.sh=m",
    "raw (): run.sh=t",
  ]);
});

test("broken and hostile archives are a result of their submission alone", async () => {
  const big = Buffer.alloc(3_000_000);
  put("bomb.zip", zipOf(item("run.sh", big)));
  put("liar.zip", zipOf({ ...item("run.sh", big), claimedSize: 10 }));
  put("cut.zip", zipOf(item("run.sh", "echo")).subarray(0, 40));
  put("damaged.zip", Buffer.from(zipOf(item("run.sh", "echo hello")).map((byte, at) => (at === 40 ? byte ^ 0xff : byte))));
  put("none.zip", "hello");
  put("empty.zip", "");
  put("link.zip", zipOf({ ...item("run.sh", "/etc/passwd"), mode: 0o120777 }));
  put("out.zip", zipOf(item("../bomb/run.sh")));
  put("root.tar", tarOf(file("/etc/run.sh", "x")));
  put("tarlink.tar", tarOf(symlink("run.sh", "/etc/passwd")));
  put("device.tar", tarOf(device("run.sh", 1, 3)));
  put("tarbomb.tgz", gzipSync(tarOf(file("filler", Buffer.alloc(70_000_000)), file("run.sh", "x"))));
  put("cut.tgz.tar.gz", gzipSync(tarOf(file("run.sh", "x".repeat(900)))).subarray(0, 60));
  put("twice.zip", zipOf(item("run.sh", "1"), item("run.sh", "2")));
  put("fine.zip", zipOf(item("run.sh", "fine")));
  symlinkSync("/etc", join(place, "linked"));
  const cohort = await readCohort(place);
  expect(cohort.leftOut).toEqual(["linked"]);
  expect(await summary(cohort)).toMatchInlineSnapshot(`
    [
      "bomb (): run.sh it is longer than 1000 bytes",
      "cut (): archive the archive cannot be read: it has no table of contents: it is cut off, or no zip",
      "cut.tgz (): archive the archive cannot be read: unexpected end of file",
      "damaged (): archive the archive cannot be read: run.sh is damaged",
      "device (): run.sh it is no plain file, or nested too deeply",
      "empty (): archive the archive cannot be read: it is neither a zip nor a tar archive",
      "fine (): run.sh=fine",
      "liar (): run.sh it is longer than 1000 bytes",
      "link (): run.sh it is a link; hand in the file itself",
      "none (): archive the archive cannot be read: it is neither a zip nor a tar archive",
      "out (): ../bomb/run.sh its path leads out of the submission",
      "root (): /etc/run.sh its path leads out of the submission",
      "tarbomb (): archive the archive cannot be read: it unpacks to more than 67108864 bytes",
      "tarlink (): run.sh it is a link; hand in the file itself",
      "twice (): run.sh=1; run.sh run.sh was handed in twice",
    ]
  `);
}, 30_000);

test("the same student twice, and what is no cohort, is an error that says so", async () => {
  put("anna/run.sh", "a");
  put("anna.zip", zipOf(item("run.sh")));
  await expect(readCohort(place)).rejects.toThrow("the submission of anna is there twice");
  put("bad.zip", "PK");
  await expect(readCohort(join(place, "bad.zip"))).rejects.toThrow("cut off, or no zip");
  await expect(readCohort(join(place, "nothing"))).rejects.toThrow("no such folder or file");
});
