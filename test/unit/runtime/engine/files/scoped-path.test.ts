import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { resolveInRootfs } from "../../../../../src/runtime/engine/files/scoped-path.ts";

test("links are followed as if the rootfs were the root, so none leads out", async () => {
  const rootfs = await mkdtemp(join(tmpdir(), "slipway-scope-"));
  onTestFinished(() => rm(rootfs, { recursive: true }));
  await mkdir(join(rootfs, "etc"));
  await writeFile(join(rootfs, "etc/passwd"), "inside");
  await symlink("/etc", join(rootfs, "absolute"));
  await symlink("../../../../etc", join(rootfs, "etc/up"));
  await symlink("loop", join(rootfs, "loop"));
  const inside = async (path: string, followLast = true): Promise<string | null> => {
    const found = await resolveInRootfs(rootfs, path, { followLast });
    return found.stat ? found.inside : null;
  };
  expect(await inside("/absolute/passwd")).toBe("/etc/passwd");
  expect(await inside("/etc/up/up/passwd")).toBe("/etc/passwd");
  expect(await inside("/../../etc/passwd")).toBe("/etc/passwd");
  expect(await inside("/absolute", false)).toBe("/absolute");
  expect(await inside("/nothing")).toBeNull();
  expect((await resolveInRootfs(rootfs, "/etc/passwd/x")).remaining).toBeNull();
  await symlink(rootfs, `${rootfs}.link`);
  onTestFinished(() => rm(`${rootfs}.link`));
  expect((await resolveInRootfs(`${rootfs}.link`, "/etc/..")).stat?.isDirectory()).toBe(true);
  expect((await resolveInRootfs(`${rootfs}.link`, "/")).stat?.isDirectory()).toBe(true);
  await expect(inside("/loop")).rejects.toThrow("too many levels of symbolic links");
});
