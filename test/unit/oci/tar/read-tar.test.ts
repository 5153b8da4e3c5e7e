import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pack } from "tar-stream";
import { expect, test } from "vitest";
import { readTar } from "../../../../src/oci/tar/read-tar.ts";
import { tarHeader, type TarHeader } from "../../../../src/oci/tar/tar-header.ts";
import { dir, file, hardlink, streamOf, symlink, tarOf } from "../../../support/tar-of.ts";

interface Read {
  readonly header: TarHeader;
  readonly text: string;
}

async function readAll(source: AsyncIterable<Uint8Array>): Promise<readonly Read[]> {
  const entries: Read[] = [];
  for await (const { header, content } of readTar(source)) {
    const bytes = Buffer.alloc(header.size);
    for await (const { offset, data } of content) data.copy(bytes, offset);
    entries.push({ header, text: bytes.toString() });
  }
  return entries;
}

test("what is written is read again: long and foreign names, large ids, fractions of a second, binary attributes", async () => {
  const long = `${"d".repeat(90)}/${"e".repeat(90)}/${"f".repeat(120)}`;
  const attributes = { uid: 3_000_000, gid: 65_534, mode: 0o4755, mtime: 1_700_000_000_123_456_789n };
  const xattrs = new Map([["security.capability", Buffer.from([1, 0, 0, 2, 0, 0xff, 0x0a, 0x3d])]]);
  const items = [
    dir("größe"),
    file(long, "content", { ...attributes, xattrs }),
    hardlink("l", long),
    symlink("s", "日".repeat(60)),
    file("old", "", { mtime: -1n }),
  ];
  const read = await readAll(streamOf(tarOf(...items)));
  expect(read.map(({ header }) => header)).toEqual(items.map(({ header }) => header));
  expect(read[1]?.text).toBe("content");
});

test("content that is not read is skipped", async () => {
  const names: string[] = [];
  for await (const { header } of readTar(streamOf(tarOf(file("a", "x".repeat(5000)), file("b", "y"))))) names.push(header.name);
  expect(names).toEqual(["a", "b"]);
});

test("an archive of tar-stream reads the same", async () => {
  const packed = pack();
  packed.entry({ name: "dir/", type: "directory", mode: 0o700 });
  packed.entry({ name: `dir/${"n".repeat(200)}`, mode: 0o640, uid: 5, mtime: new Date(5000) }, "hi");
  packed.finalize();
  const read = await readAll(packed as AsyncIterable<Buffer>);
  const directory = read[0]?.header.mtime ?? 0n;
  expect(read).toEqual([
    { header: tarHeader({ name: "dir/", type: "directory", mode: 0o700, mtime: directory }), text: "" },
    { header: tarHeader({ name: `dir/${"n".repeat(200)}`, mode: 0o640, uid: 5, size: 2, mtime: 5_000_000_000n }), text: "hi" },
  ]);
});

test.each(["gnu", "posix", "v7", "ustar", "oldgnu"])("GNU tar reads and writes the same archive (%s)", async (format) => {
  const folder = mkdtempSync(join(tmpdir(), "tar-"));
  try {
    writeFileSync(join(folder, "small"), "small");
    const isSparse = format === "gnu" || format === "posix" || format === "oldgnu";
    writeFileSync(join(folder, "sparse"), "start");
    if (isSparse) truncateSync(join(folder, "sparse"), 1 << 20);
    const bytes = execFileSync("tar", [
      `--format=${format}`,
      ...(isSparse ? ["--sparse"] : []),
      "-C",
      folder,
      "-cf",
      "-",
      "small",
      "sparse",
    ]);
    const read = await readAll(streamOf(bytes, 10_000));
    expect(read.map(({ header, text }) => [header.name, header.type, header.size, text.slice(0, 5)])).toEqual([
      ["small", "file", 5, "small"],
      ["sparse", "file", isSparse ? 1 << 20 : 5, "start"],
    ]);
    const listed = execFileSync("tar", ["-tf", "-"], { input: tarOf(...read.map(({ header, text }) => file(header.name, text))) });
    expect(listed.toString()).toBe("small\nsparse\n");
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test.each([
  ["is none", Buffer.from("root:x:0:0:root:/root:/bin/sh\n".repeat(40)), "archive/tar: invalid tar header"],
  ["ends in a header", tarOf(file("a", "b")).subarray(0, 300), "unexpected EOF"],
  ["ends in a file", tarOf(file("a", "b".repeat(2000))).subarray(0, 1500), "unexpected EOF"],
])("an archive that %s is refused", async (_, bytes, message) => {
  await expect(readAll(streamOf(bytes))).rejects.toThrow(message);
});
