import assert from "node:assert/strict";
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, expect, test } from "vitest";
import { LinuxKernel } from "../../../../src/runtime/kernel/linux.ts";
import { applyTar, type ApplyOptions } from "../../../../src/runtime/snapshots/apply.ts";
import { isOpaque, isWhiteout } from "../../../../src/runtime/snapshots/overlay-marks.ts";
import { tarOfDirectory } from "../../../../src/runtime/snapshots/tar-of-directory.ts";
import { device, dir, file, hardlink, opaque, streamOf, symlink, tarOf, whiteout, type TarItem } from "../../../support/tar-of.ts";

const kernel = new LinuxKernel();
let folder: string;
let target: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "apply-"));
  target = join(folder, "target");
  mkdirSync(target);
  writeFileSync(join(folder, "secret"), "untouched");
});

afterEach(() => {
  assert.equal(readFileSync(join(folder, "secret"), "utf8"), "untouched");
  assert.deepEqual(readdirSync(folder).toSorted(), ["secret", "target"]);
  rmSync(folder, { recursive: true });
});

async function apply(items: readonly TarItem[], options: Partial<ApplyOptions> = {}): Promise<readonly string[]> {
  return (await applyTar(streamOf(tarOf(...items)), target, { kernel, whiteouts: "overlay", ...options })).skipped;
}

test.each([
  ["a name with ..", [file("../secret", "x")]],
  ["a name with .. in the middle", [dir("a"), file("a/../../secret", "x")]],
  ["a hard link to a file outside", [hardlink("link", "../secret"), file("link", "x")]],
  ["a hard link through a symlink", [symlink("up", ".."), hardlink("link", "up/secret")]],
  ["a whiteout of the parent", [dir("a"), file("a/.wh...", "")]],
  ["symlinks in a circle", [symlink("a", "b"), symlink("b", "a"), file("a/x", "")]],
  ["a file as a directory", [file("a", ""), file("a/b", "")]],
  ["a file of four gigabytes that is not there", [{ header: { ...file("a").header, size: 2 ** 32 }, content: Buffer.alloc(0) }]],
] as const)("%s is refused, and nothing outside is touched", async (_, items) => {
  await expect(apply(items)).rejects.toMatchObject({ code: "invalid_argument" });
});

test("symlinks and absolute names lead inside, as in a chroot", async () => {
  await apply([symlink("out", ".."), file("out/secret", "1"), symlink("abs", "/etc"), file("abs/motd", "2"), file("/var/log", "3")]);
  expect(readFileSync(join(target, "secret"), "utf8")).toBe("1");
  expect(readFileSync(join(target, "etc/motd"), "utf8")).toBe("2");
  expect(readFileSync(join(target, "var/log"), "utf8")).toBe("3");
});

test("a directory that a later entry replaces by a symlink is not written through", async () => {
  await apply([dir("d"), file("d/a", "1"), symlink("d", "/elsewhere"), file("d/b", "2")]);
  expect(readlinkSync(join(target, "d"))).toBe("/elsewhere");
  expect(readdirSync(join(target, "elsewhere"))).toEqual(["b"]);
});

test("a directory's time is not set through what a later entry put in its place or above it", async () => {
  const before = statSync(folder).mtimeMs;
  const past = { mtime: 1_000_000_000n };
  await apply([
    dir("up", past),
    dir("up/target", past),
    dir("up/target/a", past),
    symlink("up", ".."),
    dir("f", past),
    dir("f/g", past),
    file("f", ""),
  ]);
  expect(statSync(target).mtimeMs).toBeGreaterThan(1000);
  expect(statSync(folder).mtimeMs).toBe(before);
  expect(lstatSync(join(target, "f")).isFile()).toBe(true);
});

test("whiteouts are about lower layers, wherever they stand in the tar", async () => {
  await apply([
    dir("d"),
    file("d/kept", "1"),
    opaque("d"),
    whiteout("gone"),
    whiteout("file"),
    file("file", "2"),
    dir("e"),
    whiteout("e"),
    whiteout("f"),
    dir("f"),
  ]);
  expect(isWhiteout(lstatSync(join(target, "gone")))).toBe(true);
  expect(readFileSync(join(target, "file"), "utf8")).toBe("2");
  expect([isOpaque(kernel, join(target, "d")), isOpaque(kernel, join(target, "e")), isOpaque(kernel, join(target, "f"))]).toEqual([
    true,
    true,
    true,
  ]);
  expect(readdirSync(join(target, "d"))).toEqual(["kept"]);
});

test("overlay's own marks in an archive are not taken over", async () => {
  const xattrs = new Map([
    ["user.overlay.opaque", Buffer.from("y")],
    ["user.note", Buffer.from("mine")],
  ]);
  expect(await apply([dir("d", { xattrs }), device("null", 0, 0)], { owners: false })).toEqual(["null"]);
  expect(kernel.listXattrs(join(target, "d"))).toEqual(["user.note"]);
  expect(existsSync(join(target, "null"))).toBe(false);
});

test("a directory that is only implied looks as in the layer below", async () => {
  const lower = join(folder, "target/lower");
  mkdirSync(join(lower, "etc"), { recursive: true, mode: 0o750 });
  await apply([file("etc/motd", ""), file("other/x", "")], { lower: [lower] });
  expect([lstatSync(join(target, "etc")).mode & 0o7777, lstatSync(join(target, "other")).mode & 0o7777]).toEqual([
    lstatSync(join(lower, "etc")).mode & 0o7777,
    0o755,
  ]);
});

test("docker cp does not put files over directories", async () => {
  await apply([dir("d"), file("f")]);
  const options = { whiteouts: "none", noOverwriteDirNonDir: true } as const;
  await expect(apply([file("d", "")], options)).rejects.toThrow('cannot overwrite directory "d" with non-directory "d"');
  await expect(apply([dir("f")], options)).rejects.toThrow('cannot overwrite non-directory "f/" with directory "f/"');
  await apply([file(".wh.f", "plain")], options);
  expect(readFileSync(join(target, ".wh.f"), "utf8")).toBe("plain");
});

test("what is unpacked is packed the same again: modes, owners, times, links, attributes, long names", async () => {
  const long = `deep/${"n".repeat(150)}`;
  const owner = { uid: 1234, gid: 5678 };
  const xattrs = new Map([["user.note", Buffer.from([0, 255, 10])]]);
  const mtime = 1_600_000_000_000_000_000n;
  const items = [
    dir("deep", { mode: 0o2711, mtime, ...owner }),
    file(long, "x".repeat(70_000), { mode: 0o4755, mtime, ...owner, xattrs }),
    hardlink("deep/z", long),
    dir("empty", { mode: 0o1777, mtime }),
    symlink("link", "deep/z"),
  ];
  await applyTar(streamOf(gzipSync(tarOf(...items)), 5000), target, { kernel, whiteouts: "overlay" });
  const again = await tarOfDirectory(target, { kernel }).toArray();
  // A symlink has no room for a note of its owner, so one that cannot be given away stays ours.
  const own = { uid: process.geteuid?.() ?? 0, gid: process.getegid?.() ?? 0 };
  const differing: Readonly<Record<string, object>> = { "deep/z": { mode: 0o4755, mtime, ...owner }, link: own };
  const expected = items.map(({ header, content }) => ({ header: { ...header, ...differing[header.name] }, content }));
  expect(Buffer.concat(again as Buffer[]).equals(tarOf(...expected))).toBe(true);
});
