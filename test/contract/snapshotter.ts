import {
  chmodSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ConflictError, InvalidArgumentError } from "../../src/base/errors.ts";
import { digestOf, type ChainId } from "../../src/oci/digest.ts";
import { readTar } from "../../src/oci/tar/read-tar.ts";
import { mountFlags, type Kernel } from "../../src/runtime/kernel/kernel.ts";
import type { Mount, Snapshotter } from "../../src/runtime/snapshots/snapshotter.ts";
import { tarOfDirectory } from "../../src/runtime/snapshots/tar-of-directory.ts";
import { dir, file, hardlink, opaque, streamOf, symlink, tarOf, whiteout, type TarItem } from "../support/tar-of.ts";

interface Implementation {
  create(dir: string): Snapshotter;
  readonly kernel: Kernel;
  /** Why this machine cannot run it. */
  readonly skip: string | null;
}

const base = "b".repeat(64);
const container = "c".repeat(64);

/** What every snapshotter must do, seen through its mounts. */
export function snapshotterContract(name: string, implementation: Implementation): void {
  const { kernel, skip } = implementation;
  describe.skipIf(skip !== null)(`${name}${skip === null ? "" : ` (skipped: ${skip})`}`, () => {
    let folder: string;
    let snapshotter: Snapshotter;
    const mounted: string[] = [];

    beforeEach(() => {
      folder = mkdtempSync(join(tmpdir(), "snapshots-"));
      snapshotter = implementation.create(join(folder, "store"));
    });

    afterEach(() => {
      for (const target of mounted.splice(0).toReversed()) kernel.unmount(target);
      rmSync(folder, { recursive: true });
    });

    async function layer(text: string, parent: ChainId | null, ...items: TarItem[]): Promise<ChainId> {
      const chain = digestOf(text) as unknown as ChainId;
      await snapshotter.prepare(`unpack-${text}`, parent);
      await snapshotter.apply(`unpack-${text}`, streamOf(tarOf(...items)));
      await snapshotter.commit(chain, `unpack-${text}`);
      return chain;
    }

    function mountAll(mounts: readonly Mount[]): string {
      const target = mkdtempSync(join(folder, "merged-"));
      for (const { type, source, options } of mounts) {
        const flags = options.includes("ro") ? mountFlags.readonly : 0;
        kernel.mount(source, target, type, flags, options.filter((option) => option !== "ro").join(","));
      }
      mounted.push(target);
      return target;
    }

    test("an upper layer's file, whiteout and opaque directory decide over the lower layer's", async () => {
      const lower = await layer("a", null, dir("etc"), file("etc/one", "1"), file("etc/two", "2"), dir("old"), file("old/x"), file("gone"));
      const upper = await layer("b", lower, dir("etc"), file("etc/two", "II"), whiteout("gone"), dir("old"), file("old/y"), opaque("old"));
      const merged = mountAll(await snapshotter.view(upper));
      expect(readdirSync(merged).toSorted()).toEqual(["etc", "old"]);
      expect(readdirSync(join(merged, "old"))).toEqual(["y"]);
      expect(readFileSync(join(merged, "etc/one"), "utf8") + readFileSync(join(merged, "etc/two"), "utf8")).toBe("1II");
    });

    test("a container has Docker's mount points, and they are no change of its own", async () => {
      await snapshotter.prepare(container, await layer("a", null, dir("bin"), file("bin/sh")));
      const merged = mountAll(await snapshotter.mounts(container));
      expect(readdirSync(join(merged, "dev")).toSorted()).toEqual(["console", "pts", "shm"]);
      expect(lstatSync(join(merged, ".dockerenv")).size).toBe(0);
      expect(await snapshotter.changes(container)).toEqual([]);
    });

    test("changes are those of docker diff: sorted, parents changed, what only was copied up left out", async () => {
      const image = [dir("etc"), file("etc/group", "g"), file("etc/passwd", "p", { mtime: 5n }), dir("home"), dir("root"), dir("usr/bin")];
      const items = [dir("bin"), file("bin/ls"), ...image, file("home/kept"), file("home/lost"), dir("var/spool"), file("var/spool/x")];
      await snapshotter.prepare(container, await layer("a", null, ...items));
      const root = mountAll(await snapshotter.mounts(container));
      mkdirSync(join(root, "d/e"), { recursive: true });
      writeFileSync(join(root, "d/e/f"), "hi");
      rmSync(join(root, "home"), { recursive: true });
      mkdirSync(join(root, "home"));
      writeFileSync(join(root, "home/kept"), "again");
      chmodSync(join(root, "root"), 0o700);
      rmSync(join(root, "bin/ls"));
      chmodSync(join(root, "etc/group"), 0o600);
      // Copied up and put back: no change.
      writeFileSync(join(root, "etc/passwd"), "p");
      kernel.setTimes(join(root, "etc/passwd"), 5n, 5n);
      rmSync(join(root, "usr/bin"), { recursive: true });
      symlinkSync("/bin", join(root, "usr/bin"));
      rmSync(join(root, "var/spool"), { recursive: true });
      writeFileSync(join(root, "temporary"), "");
      rmSync(join(root, "temporary"));
      const letters = { added: "A", changed: "C", deleted: "D" };
      const lines = (await snapshotter.changes(container)).map(({ kind, path }) => `${letters[kind]} ${path}`);
      expect(lines).toEqual([
        "C /bin",
        "D /bin/ls",
        "A /d",
        "A /d/e",
        "A /d/e/f",
        "C /etc",
        "C /etc/group",
        "C /home",
        "C /home/kept",
        "D /home/lost",
        "C /root",
        "C /usr",
        "C /usr/bin",
        "C /var",
        "D /var/spool",
      ]);
    });

    test("a container's diff, applied to the same parent, gives the same files", async () => {
      const parent = await layer("a", null, dir("etc"), file("etc/one", "1"), dir("old"), file("old/x"), symlink("link", "etc"));
      await snapshotter.prepare(container, parent);
      const root = mountAll(await snapshotter.mounts(container));
      rmSync(join(root, "old"), { recursive: true });
      mkdirSync(join(root, "old"));
      writeFileSync(join(root, "old/y"), "y");
      rmSync(join(root, "etc/one"));
      const committed = digestOf("committed") as unknown as ChainId;
      await snapshotter.prepare("copy", parent);
      await snapshotter.apply("copy", await snapshotter.diff(container));
      await snapshotter.commit(committed, "copy");
      const merged = mountAll(await snapshotter.view(committed));
      expect([readdirSync(merged).toSorted(), readdirSync(join(merged, "old")), readdirSync(join(merged, "etc"))]).toEqual([
        ["etc", "link", "old"],
        ["y"],
        [],
      ]);
      expect(await snapshotter.usage(committed)).toBe(1);
    });

    test("a container's contents are, byte for byte, the tar of what its mount shows", async () => {
      const first = [
        dir("etc"),
        file("etc/one", "1"),
        hardlink("etc/uno", "etc/one"),
        dir("old"),
        file("old/x"),
        file("gone"),
        dir("was"),
        file("was/in"),
      ];
      const bottom = await layer(
        "a",
        null,
        ...first,
        file("now"),
        symlink("link", "etc"),
        dir("deep/er"),
        file("deep/er/a", "a"),
        file("proc"),
      );
      const middle = await layer(
        "b",
        bottom,
        file("etc/two", "2"),
        whiteout("gone"),
        file("old/y"),
        opaque("old"),
        file("deep/er/b", "b"),
        file("was"),
      );
      await snapshotter.prepare(container, middle);
      const root = mountAll(await snapshotter.mounts(container));
      writeFileSync(join(root, "etc/one"), "I");
      rmSync(join(root, "now"));
      mkdirSync(join(root, "now/a"), { recursive: true });
      rmSync(join(root, "old"), { recursive: true });
      mkdirSync(join(root, "old"), { mode: 0o700 });
      rmSync(join(root, "deep/er/a"));
      rmSync(join(root, "link"));
      symlinkSync("old", join(root, "link"));
      writeFileSync(join(root, "deep/er/c"), Buffer.alloc(70_000, "c"));
      linkSync(join(root, "deep/er/c"), join(root, "deep/d"));
      kernel.setXattr(join(root, "deep/er/b"), "user.note", Buffer.from("kept"));
      chmodSync(join(root, "etc"), 0o710);
      const [shown, contents] = await Promise.all([
        buffer(tarOfDirectory(root, { kernel })),
        buffer(await snapshotter.contents(container)),
      ]);
      const names: string[] = [];
      for await (const { header } of readTar(streamOf(contents))) names.push(header.name);
      expect(names).toEqual(expect.arrayContaining(["deep/d", "deep/er/b", "etc/two", "etc/uno", "now/a/", "old/", "was"]));
      expect(names).not.toEqual(expect.arrayContaining(["deep/er/a"]));
      expect(contents.equals(shown)).toBe(true);
    });

    test("a running container stays writable after a kill and a new start of the engine", async () => {
      await snapshotter.prepare(container, await layer("a", null, file("f", "1")));
      const first = mountAll(await snapshotter.mounts(container));
      writeFileSync(join(first, "f"), "2");
      kernel.unmount(first);
      mounted.pop();
      const second = mountAll(await implementation.create(join(folder, "store")).mounts(container));
      expect(readFileSync(join(second, "f"), "utf8")).toBe("2");
    });

    test("a parent cannot be removed before its children", async () => {
      const lower = await layer("a", null, file("a"));
      const upper = await layer("b", lower, file("b"));
      await snapshotter.prepare(container, upper);
      await expect(snapshotter.remove(lower)).rejects.toThrow(ConflictError);
      await expect(snapshotter.remove(upper)).rejects.toThrow(ConflictError);
      await snapshotter.remove(container);
      await snapshotter.remove(upper);
      await snapshotter.remove(lower);
      expect([await snapshotter.has(upper), await snapshotter.has(lower)]).toEqual([false, false]);
    });

    test("a layer that does not unpack leaves nothing when the store is opened again", async () => {
      await snapshotter.prepare(base.slice(0, 12), null);
      await expect(snapshotter.apply(base.slice(0, 12), streamOf(tarOf(file("../x"))))).rejects.toThrow(InvalidArgumentError);
      implementation.create(join(folder, "store"));
      expect(readdirSync(join(folder, "store/unpacking"))).toEqual([]);
    });
  });
}
