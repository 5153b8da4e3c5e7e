import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { createReadStream, createWriteStream, mkdtempSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { open } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { digestOf } from "../../../src/oci/digest.ts";
import type { TarHeader } from "../../../src/oci/tar/tar-header.ts";
import { tarHeader } from "../../../src/oci/tar/tar-header.ts";
import { readTar } from "../../../src/oci/tar/read-tar.ts";
import { startTestEngine, type TestEngine } from "../../support/engine.ts";
import { hasNamespaces, isBuilt } from "../../support/engine-allowed.ts";
import { messagesOf } from "../../support/image-world.ts";
import { device, dir, file, hardlink, symlink, tarOf, type TarItem } from "../../support/tar-of.ts";

const long = `${"deep/".repeat(30)}${"n".repeat(200)}`;
const mtime = 981_173_106_000_000_000n;
const owner = { uid: 70_000, gid: 2_000_000, mtime };
/** Links and pipes have no room for a note of an id that an ordinary user's engine cannot give. */
const noteless = process.geteuid?.() === 0 ? owner : { uid: 0, gid: 0, mtime };

/** `cap_net_bind_service=ep`, as the kernel keeps it (revision 2). */
const capability = Buffer.from("0100000200040000000000000000000000000000", "hex");

const items: readonly TarItem[] = [
  dir("d", { ...owner, mode: 0o2751 }),
  file("d/setuid", "s", { ...owner, mode: 0o4755 }),
  file("d/capable", "c", { mtime, mode: 0o755, xattrs: new Map([["security.capability", capability]]) }),
  file("d/noted", "n", { mtime, xattrs: new Map([["user.note", Buffer.from([0, 255, 10])]]) }),
  file("d/späce and\nline", "x", { mtime }),
  file(`d/${long}`, "long", { mtime }),
  file("d/old", "o", { mtime: 0n }),
  file("d/new", "n", { mtime: 2_208_988_800_000_000_000n }),
  dir("d/sticky", { mtime, mode: 0o1777, uid: 5, gid: 6 }),
  hardlink("d/z-hard", `d/${long}`),
  { header: tarHeader({ ...symlink("d/symbolic", `../${long}`).header, ...noteless }), content: Buffer.alloc(0) },
  { header: tarHeader({ name: "d/fifo", type: "fifo", mode: 0o600, ...noteless }), content: Buffer.alloc(0) },
  device("d/null", 1, 3),
  {
    header: tarHeader({ name: "d/disk", type: "block-device", mode: 0o660, devMajor: 259, devMinor: 300, uid: 0, gid: 6, mtime }),
    content: Buffer.alloc(0),
  },
];

const hugeSize = 9 * 2 ** 30;

interface Seen {
  readonly header: Partial<TarHeader>;
  readonly content: string;
}

/** What a tar says of each entry, and the digest of the bytes that are in it with their places. */
async function seenIn(tar: AsyncIterable<Uint8Array>): Promise<Map<string, Seen>> {
  const seen = new Map<string, Seen>();
  for await (const { header, content } of readTar(tar)) {
    const parts: Buffer[] = [];
    for await (const { offset, data } of content)
      if (!data.every((byte) => byte === 0)) parts.push(Buffer.from(`${offset}:`), Buffer.from(data));
    const { mtime: time, xattrs, ...rest } = header;
    const attributes = Object.fromEntries([...xattrs].map(([key, value]) => [key, Buffer.from(value).toString("hex")]));
    if (header.name.startsWith("d/"))
      seen.set(header.name, {
        header: { ...rest, mtime: time, ...attributes },
        content: parts.length === 0 ? "" : digestOf(Buffer.concat(parts)),
      });
  }
  return seen;
}

describe.skipIf(!isBuilt || !hasNamespaces)("export and import (needs a build and user namespaces)", () => {
  let engine: TestEngine;
  let folder: string;

  beforeAll(async () => {
    engine = await startTestEngine({ images: [] });
    folder = mkdtempSync(join(tmpdir(), "round-trip-"));
  });
  afterAll(async () => {
    await engine?.[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true });
  });

  async function imported(tar: Readable, repo: string): Promise<readonly string[]> {
    const options = { fromSrc: "-", repo, tag: "1", message: "", changes: ['CMD ["x"]'], platform: "" };
    await messagesOf(await engine.client.importImage(options, tar));
    return (await engine.client.inspectImage(`${repo}:1`)).RootFS.Layers ?? [];
  }

  async function exported(image: string, to: string): Promise<void> {
    const { Id } = await engine.client.createContainer({ Image: image });
    await pipeline(await engine.client.exportContainer(Id), createWriteStream(to));
    await engine.client.removeContainer(Id, { force: true });
  }

  test("keep names, modes, owners, times, links, devices, attributes and capabilities, and once more make the same layer", async () => {
    await imported(Readable.from([tarOf(...items)]), "first");
    const out = join(folder, "out.tar");
    await exported("first:1", out);
    const seen = await seenIn(createReadStream(out));
    const expected = await seenIn(Readable.from([tarOf(...items)]));
    // Of two names of a file the first in order is the file, and a link tells what the file is like.
    expect(seen.get("d/z-hard")?.header).toMatchObject({ type: "link", linkName: `d/${long}` });
    for (const [name, { header, content }] of expected) {
      if (name === "d/z-hard") continue;
      expect.soft(seen.get(name), name).toEqual({ header, content });
    }
    expect([...seen.keys()].filter((name) => !name.startsWith(`d/deep`)).toSorted()).toEqual(
      [...expected.keys()].filter((name) => !name.startsWith("d/deep")).toSorted(),
    );
    const [layer] = await imported(createReadStream(out), "second");
    await exported("second:1", join(folder, "again.tar"));
    expect(await imported(createReadStream(join(folder, "again.tar")), "third")).toEqual([layer]);
  });

  test("keep a file of nine gigabytes that is a hole with a little in it, without writing the hole", async () => {
    const [start, end] = [randomBytes(5000), randomBytes(100)];
    const path = join(folder, "d");
    execFileSync("mkdir", [path]);
    writeFileSync(join(path, "huge"), start);
    truncateSync(join(path, "huge"), hugeSize);
    const huge = await open(join(path, "huge"), "r+");
    await huge.write(end, 0, end.length, hugeSize - 300);
    await huge.close();
    execFileSync("tar", ["-C", folder, "--sparse", "--format=posix", "-cf", join(folder, "huge.tar"), "d/huge"]);
    await imported(createReadStream(join(folder, "huge.tar")), "huge");
    expect((await engine.client.inspectImage("huge:1")).Size).toBe(hugeSize);
    const out = join(folder, "huge-out.tar");
    await exported("huge:1", out);
    expect(statSync(out).size).toBeLessThan(1_000_000);
    // GNU's tar reads it as we do.
    rmSync(path, { recursive: true });
    execFileSync("tar", ["-C", folder, "-xf", out, "d/huge"]);
    const back = await open(join(path, "huge"), "r");
    try {
      expect((await back.stat()).size).toBe(hugeSize);
      const read = async (length: number, at: number): Promise<Buffer> => (await back.read(Buffer.alloc(length), 0, length, at)).buffer;
      expect(await read(5001, 0)).toEqual(Buffer.concat([start, Buffer.alloc(1)]));
      expect(await read(300, hugeSize - 300)).toEqual(Buffer.concat([end, Buffer.alloc(200)]));
    } finally {
      await back.close();
    }
    await imported(createReadStream(out), "huger");
    // Beside it are the links that every container has.
    expect((await engine.client.inspectImage("huger:1")).Size - hugeSize).toBeLessThan(1000);
  });
});
