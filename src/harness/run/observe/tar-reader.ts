import { createHash } from "node:crypto";
import { Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import tar, { type Header } from "tar-stream";
import { plainEntryName } from "../../../base/entry-name.ts";
import { InvalidArgumentError } from "../../../base/errors.ts";
import type { FileFacts } from "./observation.ts";

/** Contents beyond this are summed, not kept: no expectation on them is readable. */
export const MAX_CONTENT_BYTES = 4 * 1024 * 1024;
/** Nor is a file longer than this summed: a sparse one of terabytes costs whoever made it nothing, and would take days. */
export const MAX_SUMMED_BYTES = 1024 ** 3;
/** The same for all of a tar, unpacked, and for its entries; all files of an image may be more. */
export const MAX_TAR_BYTES = 1024 ** 3;
const MAX_IMAGE_BYTES = 8 * 1024 ** 3;
const MAX_TAR_ENTRIES = 200_000;

/**
 * Goes through a tar, compressed with gzip or not. `visit` says whether to go on; an entry's contents are skipped unless it reads them.
 * @throws Error when it is no tar, InvalidArgumentError also when it is too large to look into.
 */
async function readTar(
  source: Readable,
  visit: (header: Header, contents: Readable) => Promise<boolean>,
  limitBytes = MAX_TAR_BYTES,
): Promise<void> {
  const extract = tar.extract();
  const enough = new AbortController();
  const input = await decompressed(source);
  const flow = pipeline([...input, bounded(limitBytes), extract], { signal: enough.signal });
  flow.catch(() => undefined);
  let entries = 0;
  try {
    for await (const entry of extract) {
      if (++entries > MAX_TAR_ENTRIES) throw new InvalidArgumentError(`it has more than ${MAX_TAR_ENTRIES} entries`);
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

function bounded(limitBytes: number): Transform {
  let passed = 0;
  return new Transform({
    transform(chunk: Buffer, _, done) {
      passed += chunk.length;
      if (passed > limitBytes) done(new InvalidArgumentError(`it has more than ${limitBytes} bytes`));
      else done(null, chunk);
    },
  });
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
  const visit = async (header: Header, contents: Readable): Promise<boolean> => {
    const { hardLinkTo, ...facts } = await factsOf(header, contents);
    const linked = hardLinkTo === null ? undefined : files.get(pathOf(hardLinkTo));
    // What differs in text differs in its digest; hundreds of texts need not be held.
    files.set(pathOf(header.name), linked ?? { ...facts, content: null });
    return true;
  };
  await readTar(source, visit, MAX_IMAGE_BYTES);
  return files;
}

function pathOf(name: string): string {
  return `/${plainEntryName(name)}`.replace(/^\/\.$/, "/");
}

async function factsOf(header: Header, contents: Readable): Promise<FileFacts & { readonly hardLinkTo: string | null }> {
  const type = typeOf(header.type);
  const isRead = type === "file" && (header.size ?? 0) <= MAX_SUMMED_BYTES;
  const read = isRead ? await summarise(contents) : { content: null, sha256: null };
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

/** A file's text and its digest, each unless it is too long for that. */
export async function summarise(
  contents: AsyncIterable<unknown>,
): Promise<{ readonly content: string | null; readonly sha256: string | null }> {
  const hash = createHash("sha256");
  const kept: Buffer[] = [];
  let size = 0;
  for await (const chunk of contents as AsyncIterable<Buffer>) {
    hash.update(chunk);
    size += chunk.length;
    if (size > MAX_SUMMED_BYTES) return { content: null, sha256: null };
    if (size <= MAX_CONTENT_BYTES) kept.push(chunk);
  }
  return { content: size <= MAX_CONTENT_BYTES ? Buffer.concat(kept).toString("utf8") : null, sha256: hash.digest("hex") };
}
