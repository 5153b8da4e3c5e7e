import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fc } from "../../../support/fuzz.ts";
import { expect, test } from "vitest";
import { InvalidArgumentError } from "../../../../src/base/errors.ts";
import { readTar } from "../../../../src/oci/tar/read-tar.ts";
import { tarHeader, tarPadding, type TarHeader } from "../../../../src/oci/tar/tar-header.ts";
import { encodeTarHeader, tarEnd } from "../../../../src/oci/tar/write-tar.ts";
import { LinuxKernel } from "../../../../src/runtime/kernel/linux.ts";
import { applyTar } from "../../../../src/runtime/snapshots/apply.ts";
import { streamOf } from "../../../support/tar-of.ts";
import { treeOf } from "../../../support/tree-of.ts";

const part = fc.oneof(
  fc.constantFrom("a", "b", "..", ".", "", "c", ".wh.a", ".wh..wh..opq", "é"),
  fc.string({ maxLength: 8 }).filter((text) => !text.includes("\0")),
);
const name = fc.array(part, { minLength: 1, maxLength: 5 }).map((parts) => parts.join("/"));
const entry = fc.record({
  name,
  linkName: fc.oneof(name, fc.constant("/etc/passwd"), fc.constant("../../x")),
  type: fc.constantFrom("file", "link", "symlink", "directory", "fifo", "character-device"),
  mode: fc.nat(0o7777),
  uid: fc.oneof(fc.constant(0), fc.nat(2 ** 32)),
  gid: fc.nat(70_000),
  mtime: fc.bigInt({ min: -(2n ** 40n), max: 2n ** 62n }),
  devMajor: fc.nat(3),
  content: fc.uint8Array({ maxLength: 700 }),
});

function encode({ content, ...given }: Omit<TarHeader, "size" | "devMinor" | "xattrs"> & { content: Uint8Array }): Buffer {
  const isFile = given.type === "file";
  const header = tarHeader({ ...given, size: isFile ? content.length : 0 });
  return Buffer.concat([encodeTarHeader(header), ...(isFile ? [content, Buffer.alloc(tarPadding(content.length))] : [])]);
}

// The engine unpacks as root of its namespace: what lies below a directory of mode 0 is root's to write.
test.skipIf(process.getuid?.() !== 0)(
  "whatever a tar names, it is unpacked inside or refused, and nothing outside is touched (needs root)",
  async () => {
    const folder = mkdtempSync(join(tmpdir(), "fuzz-"));
    try {
      writeFileSync(join(folder, "secret"), "untouched");
      const target = join(folder, "outer/target");
      await fc.assert(
        fc.asyncProperty(fc.array(entry, { maxLength: 8 }), fc.constantFrom("overlay", "none"), async (entries, whiteouts) => {
          mkdirSync(target, { recursive: true });
          try {
            await applyTar(streamOf(Buffer.concat([...entries.map((each) => encode(each as never)), tarEnd])), target, {
              kernel: new LinuxKernel(),
              whiteouts,
            });
          } catch (error) {
            if (!(error instanceof InvalidArgumentError)) throw error;
          }
          rmSync(target, { recursive: true });
          expect(treeOf(folder).map((line) => line.split(" ")[0])).toEqual(["outer", "secret"]);
        }),
        { numRuns: 150 },
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
  60_000,
);

test("whatever is made of a tar's bytes, it is read or refused", async () => {
  const edit = fc.record({ at: fc.nat(6000), bytes: fc.uint8Array({ minLength: 1, maxLength: 20 }) });
  await fc.assert(
    fc.asyncProperty(
      fc.array(entry, { minLength: 1, maxLength: 6 }),
      fc.array(edit, { maxLength: 5 }),
      fc.nat(6000),
      async (entries, edits, length) => {
        const bytes = Buffer.concat([...entries.map((each) => encode(each as never)), tarEnd]).subarray(0, length + 512);
        for (const { at, bytes: changed } of edits) if (at < bytes.length) bytes.set(changed.subarray(0, bytes.length - at), at);
        let read = 0;
        try {
          for await (const { content } of readTar(streamOf(bytes))) for await (const { data } of content) read += data.length;
        } catch (error) {
          if (!(error instanceof InvalidArgumentError)) throw error;
        }
        expect(read).toBeLessThanOrEqual(bytes.length);
      },
    ),
    { numRuns: 500 },
  );
}, 60_000);

test("what is written as a tar is read as the same", async () => {
  const plain = entry.filter(
    ({ uid, mtime, name: given, type }) => uid < 2 ** 32 && mtime >= 0n && !given.endsWith("/") && type !== "directory",
  );
  await fc.assert(
    fc.asyncProperty(fc.array(plain, { maxLength: 6 }), async (entries) => {
      const read: unknown[] = [];
      for await (const { header } of readTar(streamOf(Buffer.concat([...entries.map((each) => encode(each as never)), tarEnd])))) {
        read.push([header.name, header.type, header.mode, header.uid, header.gid, header.mtime]);
      }
      expect(read).toEqual(entries.map((each) => [each.name, each.type, each.mode, each.uid, each.gid, each.mtime]));
    }),
    { numRuns: 300 },
  );
});
