import { closeSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { LinuxKernel } from "../../../src/runtime/kernel/linux.ts";
import { inRoot, openRoot } from "../../../src/runtime/kernel/thread-root.ts";
import { applyTar } from "../../../src/runtime/snapshots/apply.ts";
import { tarOfDirectory } from "../../../src/runtime/snapshots/tar-of-directory.ts";
import { file, tarOf } from "../../support/tar-of.ts";

describe.skipIf(process.getuid?.() !== 0)("a root of this thread's own (needs root)", () => {
  let folder: string;
  let root: number;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "slipway-root-"));
    mkdirSync(join(folder, "inner/etc"), { recursive: true });
    writeFileSync(join(folder, "secret"), "outside");
    writeFileSync(join(folder, "inner/etc/name"), "inside");
    symlinkSync("/etc", join(folder, "inner/absolute"));
    symlinkSync("../../../../..", join(folder, "inner/upwards"));
    symlinkSync(folder, join(folder, "inner/out"));
    root = openRoot(join(folder, "inner"));
  });
  afterEach(() => {
    closeSync(root);
    rmSync(folder, { recursive: true });
  });

  test("no link leads out of it, and everything is as it was after, also after an error", async () => {
    const cwd = process.cwd();
    expect(inRoot(root, () => readdirSync("/").toSorted())).toEqual(["absolute", "etc", "out", "upwards"]);
    expect(inRoot(root, () => readFileSync("/absolute/name", "utf8"))).toBe("inside");
    expect(inRoot(root, () => readFileSync("/upwards/etc/name", "utf8"))).toBe("inside");
    expect(() => inRoot(root, () => readFileSync("/out/secret"))).toThrow("ENOENT");
    expect(readFileSync(join(folder, "secret"), "utf8")).toBe("outside");
    expect(await readFile(join(folder, "inner/out/secret"), "utf8")).toBe("outside");
    expect(readFileSync("test/linux/kernel/thread-root.test.ts", "utf8")).toContain("inRoot");
    expect(process.cwd()).toBe(cwd);
  });

  test("what other threads read meanwhile they read from their own root", async () => {
    const reading = Array.from({ length: 8 }, () => readFile(join(folder, "secret"), "utf8"));
    inRoot(root, () => {
      const until = performance.now() + 100;
      while (performance.now() < until) readdirSync("/");
    });
    expect(new Set(await Promise.all(reading))).toEqual(new Set(["outside"]));
  });

  test("another within one comes back to that one's", () => {
    const etc = inRoot(root, () => openRoot("/etc"));
    inRoot(root, () => {
      expect(inRoot(etc, () => readdirSync("/"))).toEqual(["name"]);
    });
    closeSync(etc);
  });

  test("a tar is unpacked and made within it, where its folder has become a link outwards meanwhile", async () => {
    const kernel = new LinuxKernel();
    const swapped = (async function* () {
      const tar = tarOf(file("one", "1"), file("two", "2"));
      mkdirSync(join(folder, "inner/d"));
      yield tar.subarray(0, 1024);
      await expect.poll(() => readdirSync(join(folder, "inner/d"))).toEqual(["one"]);
      rmSync(join(folder, "inner/d"), { recursive: true });
      symlinkSync(folder, join(folder, "inner/d"));
      yield tar.subarray(1024);
    })();
    await expect(applyTar(swapped, "/d", { kernel, whiteouts: "none", root })).rejects.toThrow("no such file or directory");
    expect(readdirSync(folder).toSorted()).toEqual(["inner", "secret"]);
    const made = await buffer(tarOfDirectory("/etc", { kernel, name: "etc", root }));
    expect(made.includes("inside")).toBe(true);
    await expect(buffer(tarOfDirectory("/out/secret", { kernel, name: "secret", root }))).rejects.toThrow("ENOENT");
  });
});
