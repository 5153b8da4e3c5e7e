import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { makeApart } from "../../../src/runtime/kernel/make-apart.ts";

const isExt4 = execFileSync("stat", ["-f", "-c", "%T", tmpdir()], { encoding: "utf8" }).startsWith("ext2/ext3");

test.skipIf(!isExt4)("a folder made apart is in another group of ext4's inodes than its neighbours (needs ext4)", () => {
  const above = mkdtempSync(join(tmpdir(), "slipway-apart-"));
  try {
    const places = Array.from({ length: 12 }, (_, index) => join(above, `root-${index}`));
    for (const place of places) makeApart(place);
    expect(readdirSync(above).toSorted()).toEqual(places.map((place) => place.slice(above.length + 1)).toSorted());
    // mke2fs gives each group the same number of inodes, which is never as low as this.
    const groups = new Set(places.map((place) => Math.floor(statSync(place).ino / 1024)));
    expect(groups.size).toBeGreaterThan(3);
  } finally {
    rmSync(above, { recursive: true });
  }
});

test("where the file system has no such groups the folder is made as ever", () => {
  const above = mkdtempSync("/dev/shm/slipway-apart-");
  try {
    makeApart(join(above, "root"));
    expect(readdirSync(above)).toEqual(["root"]);
  } finally {
    rmSync(above, { recursive: true });
  }
});
