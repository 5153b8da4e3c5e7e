import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { userIn } from "../../../../../src/runtime/engine/files/user-files.ts";

let rootfs: string;
beforeEach(() => {
  rootfs = mkdtempSync(join(tmpdir(), "slipway-users-"));
  mkdirSync(join(rootfs, "etc"));
});
afterEach(() => rmSync(rootfs, { recursive: true }));

test("users and groups are those of the file system's own files", async () => {
  writeFileSync(join(rootfs, "etc/passwd"), "root:x:0:0::/root:/bin/sh\nweb:x:33:34::/srv:/bin/false\n");
  writeFileSync(join(rootfs, "etc/group"), "web:x:34:\nlogs:x:40:web\n");
  expect(await userIn(rootfs, "web")).toEqual({ uid: 33, gid: 34, additionalGids: expect.arrayContaining([40]) as number[], home: "/srv" });
});

test("a file of accounts that a container made gigabytes long is not read", async () => {
  writeFileSync(join(rootfs, "etc/passwd"), "root:x:0:0::/root:/bin/sh\n");
  truncateSync(join(rootfs, "etc/passwd"), 3 * 1024 ** 3);
  await expect(userIn(rootfs, "root")).rejects.toThrow("/etc/passwd is larger than 16777216 bytes");
});
