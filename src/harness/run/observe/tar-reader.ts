import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import tar, { type Header } from "tar-stream";
import { InvalidArgumentError } from "../../../base/errors.ts";
import type { FileFacts } from "./observation.ts";

/** Contents beyond this are summed, not kept: no expectation on them is readable. */
export const MAX_CONTENT_BYTES = 4 * 1024 * 1024;

/**
 * Goes through a tar, compressed with gzip or not. `visit` says whether to go on; an entry's contents are skipped unless it reads them.
 * @throws Error when it is no tar.
 */
async function readTar(source: Readable, visit: (header: Header, contents: Readable) => Promise<boolean>): Promise<void> {
  const extract = tar.extract();
  const enough = new AbortController();
  const input = await decompressed(source);
  const flow = pipeline([...input, extract], { signal: enough.signal });
  flow.catch(() => undefined);
  try {
    for await (const entry of extract) {
      const goOn = await visit(entry.header, entry as unknown as Readable);
      entry.resume();
      if (!goOn) return;
    }
    await flow;
  } finally {
    enough.abort();
    source.destroy();
  }
}

async function decompressed(source: Readable): Promise<[Readable] | [Readable, NodeJS.ReadWriteStream]> {
  const chunks = source[Symbol.asyncIterator]() as AsyncIterableIterator<Buffer>;
  const first = await chunks.next();
  if (first.done === true) throw new InvalidArgumentError("it is empty");
  const whole = Readable.from(
    (async function* () {
      yield first.value;
      yield* chunks;
    })(),
  );
  return first.value[0] === 0x1f && first.value[1] === 0x8b ? [whole, createGunzip()] : [whole];
}

/** Names of all entries. */
export async function tarNames(source: Readable): Promise<readonly string[]> {
  const names: string[] = [];
  await readTar(source, async ({ name }) => {
    names.push(name);
    return true;
  });
  return names;
}

/** The first entry for which `isIt`; null when there is none. A hard link to an entry before it is told by `linkOf`. */
export async function findInTar(
  source: Readable,
  isIt: (name: string) => boolean,
): Promise<(FileFacts & { readonly hardLinkTo: string | null }) | null> {
  let facts: (FileFacts & { readonly hardLinkTo: string | null }) | null = null;
  await readTar(source, async (header, contents) => {
    if (!isIt(header.name)) return true;
    facts = await factsOf(header, contents);
    return false;
  });
  return facts;
}

/** All files by path from `/`; a hard link is as what it links to. The last of several entries of one path counts. */
export async function filesInTar(source: Readable): Promise<ReadonlyMap<string, FileFacts>> {
  const files = new Map<string, FileFacts>();
  await readTar(source, async (header, contents) => {
    const { hardLinkTo, ...facts } = await factsOf(header, contents);
    const linked = hardLinkTo === null ? undefined : files.get(pathOf(hardLinkTo));
    // What differs in text differs in its digest; hundreds of texts need not be held.
    files.set(pathOf(header.name), linked ?? { ...facts, content: null });
    return true;
  });
  return files;
}

function pathOf(name: string): string {
  return `/${name.replace(/^(?:\.?\/)+/, "").replace(/\/+$/, "")}`.replace(/^\/\.$/, "/");
}

async function factsOf(header: Header, contents: Readable): Promise<FileFacts & { readonly hardLinkTo: string | null }> {
  const type = typeOf(header.type);
  const read = type === "file" ? await summarise(contents) : { content: null, sha256: null };
  return {
    type,
    size: header.size ?? 0,
    mode: (header.mode ?? 0) & 0o7777,
    uid: header.uid ?? 0,
    gid: header.gid ?? 0,
    linkTarget: type === "symlink" ? (header.linkname ?? "") : null,
    hardLinkTo: header.type === "link" ? (header.linkname ?? null) : null,
    ...read,
  };
}

function typeOf(type: Header["type"]): FileFacts["type"] {
  if (type === "directory" || type === "symlink") return type;
  if (type === "fifo") return "fifo";
  return type === "character-device" || type === "block-device" ? "device" : "file";
}

/** A file's text, unless it is too long to be one, and its digest. */
export async function summarise(contents: AsyncIterable<unknown>): Promise<{ readonly content: string | null; readonly sha256: string }> {
  const hash = createHash("sha256");
  const kept: Buffer[] = [];
  let size = 0;
  for await (const chunk of contents as AsyncIterable<Buffer>) {
    hash.update(chunk);
    size += chunk.length;
    if (size <= MAX_CONTENT_BYTES) kept.push(chunk);
  }
  return { content: size <= MAX_CONTENT_BYTES ? Buffer.concat(kept).toString("utf8") : null, sha256: hash.digest("hex") };
}
