import { readdirSync, symlinkSync } from "node:fs";
import { lstat, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { copyTree } from "../../../../src/runtime/engine/files/copy-tree.ts";
import { LinuxKernel } from "../../../../src/runtime/kernel/linux.ts";

describe.skipIf(process.getuid?.() !== 0)("a tree that is copied into a volume (needs root)", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "slipway-copy-"));
    for (const name of ["from", "to", "outside"]) await mkdir(join(folder, name));
  });
  afterEach(async () => rm(folder, { recursive: true }));

  test("keeps content, links, modes and times", async () => {
    await mkdir(join(folder, "from/d"), { mode: 0o750 });
    await writeFile(join(folder, "from/d/file"), "content", { mode: 0o640 });
    await symlink("/etc/passwd", join(folder, "from/link"));
    await utimes(join(folder, "from/d/file"), 1000.5, 2000.25);
    await copyTree(new LinuxKernel(), join(folder, "from"), join(folder, "to"));
    expect(await readFile(join(folder, "to/d/file"), "utf8")).toBe("content");
    const [copied, original] = [await stat(join(folder, "to/d/file")), await stat(join(folder, "from/d/file"))];
    expect([copied.mode, copied.mtimeMs]).toEqual([original.mode, 2_000_250]);
    expect((await stat(join(folder, "to/d"))).mode & 0o7777).toBe(0o750);
    expect((await lstat(join(folder, "to/link"))).isSymbolicLink()).toBe(true);
  });

  test("gets nothing out by a link that somebody puts where its next folder is to be", async () => {
    for (const name of ["a", "b"]) {
      await mkdir(join(folder, "from", name));
      await writeFile(join(folder, "from", name, "large"), Buffer.alloc(32 << 20, name));
      await writeFile(join(folder, "from", name, "small"), name);
    }
    const copying = copyTree(new LinuxKernel(), join(folder, "from"), join(folder, "to")).catch(() => undefined);
    // In the turn after the first folder was made, while its files are copied.
    let [first] = readdirSync(join(folder, "to"));
    for (; first === undefined; [first] = readdirSync(join(folder, "to"))) await setImmediate();
    const next = first === "a" ? "b" : "a";
    symlinkSync(join(folder, "outside"), join(folder, "to", next));
    await copying;
    expect((await lstat(join(folder, "to", next))).isSymbolicLink()).toBe(true);
    expect(await readdir(join(folder, "outside"))).toEqual([]);
    expect(await readFile(join(folder, "to", first, "small"), "utf8")).toBe(first);
  });
});
