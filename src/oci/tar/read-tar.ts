import { InvalidArgumentError } from "../../base/errors.ts";
import { ByteQueue } from "./byte-queue.ts";
import { decodeUstar, parsePax, text, type RawHeader } from "./decode-header.ts";
import { oldGnuSparseMap, paxSparseMap, type SparseChunk } from "./sparse.ts";
import { tarBlock, tarPadding, type TarHeader } from "./tar-header.ts";

/** A piece of a file, and where in the file it stands; between the pieces of a sparse file are holes. */
export interface TarChunk {
  readonly offset: number;
  readonly data: Buffer;
}

export interface TarEntry {
  readonly header: TarHeader;
  /** To be read before the next entry is asked for; what is not read is skipped. */
  readonly content: AsyncIterable<TarChunk>;
}

/** A PAX header, or a GNU long name, that is larger than this is refused. */
const extensionLimit = 1 << 20;

/**
 * Reads a tar (POSIX ustar and PAX, GNU long names and sparse files, V7) as it streams in. Reads to the end of `source`.
 * @throws InvalidArgumentError when it is no tar, or ends before it should.
 */
export async function* readTar(source: AsyncIterable<Uint8Array>): AsyncGenerator<TarEntry, void> {
  const input = new ByteQueue(source);
  let globalPax = new Map<string, Buffer>();
  let pax: Map<string, Buffer> | null = null;
  let longName: string | null = null;
  let longLink: string | null = null;
  for (;;) {
    const block = await input.take(tarBlock);
    if (block === null || isEmpty(block)) break;
    const raw = decodeUstar(block);
    switch (raw.typeFlag) {
      case "x":
        pax = parsePax(await extension(input, raw.size));
        continue;
      case "g":
        globalPax = new Map([...globalPax, ...parsePax(await extension(input, raw.size))]);
        continue;
      case "L":
        longName = text(await extension(input, raw.size));
        continue;
      case "K":
        longLink = text(await extension(input, raw.size));
        continue;
    }
    const records = globalPax.size === 0 ? (pax ?? new Map<string, Buffer>()) : new Map([...globalPax, ...(pax ?? [])]);
    let header = { ...raw.header, name: longName ?? raw.header.name, linkName: longLink ?? raw.header.linkName };
    let { size } = raw;
    if (records.size > 0) ({ header, size } = withPax(header, size, records));
    pax = longName = longLink = null;
    const body = new Body(input, size);
    const chunks = await sparseMap(raw, records, input, body);
    if (chunks) header = { ...header, type: "file", size: chunks.realSize, name: chunks.name ?? header.name };
    else if (header.type === "file") header = { ...header, size };
    yield { header, content: body.chunks(chunks?.map ?? null) };
    await body.skip();
  }
  await input.drain();
}

/** The content of one entry, of which `left` bytes are still to come. */
class Body {
  readonly #input: ByteQueue;
  #left: number;
  readonly #padding: number;

  constructor(input: ByteQueue, size: number) {
    this.#input = input;
    this.#left = size;
    this.#padding = tarPadding(size);
  }

  async take(size: number): Promise<Buffer> {
    if (size > this.#left) throw new InvalidArgumentError("archive/tar: invalid tar header");
    this.#left -= size;
    const bytes = await this.#input.take(size);
    if (bytes === null) throw unexpectedEnd();
    return bytes;
  }

  async *chunks(map: readonly SparseChunk[] | null): AsyncGenerator<TarChunk, void> {
    for (let { offset, length } of map ?? [{ offset: 0, length: this.#left }]) {
      while (length > 0) {
        const data = await this.#input.some(Math.min(length, this.#left));
        if (data === null) throw unexpectedEnd();
        this.#left -= data.length;
        yield { offset, data };
        offset += data.length;
        length -= data.length;
      }
    }
  }

  async skip(): Promise<void> {
    for (let left = this.#left + this.#padding; left > 0;) {
      const data = await this.#input.some(left);
      if (data === null) {
        // Docker's own client leaves out the last padding when it adds a Dockerfile to a context.
        if (left <= this.#padding) return;
        throw unexpectedEnd();
      }
      left -= data.length;
    }
  }
}

function withPax(header: TarHeader, size: number, records: ReadonlyMap<string, Buffer>): { header: TarHeader; size: number } {
  const changed: { -readonly [K in keyof TarHeader]?: TarHeader[K] } = {};
  const xattrs = new Map<string, Uint8Array>();
  let realSize = size;
  for (const [key, value] of records) {
    const string = value.toString();
    if (key === "path") changed.name = string;
    else if (key === "linkpath") changed.linkName = string;
    else if (key === "size") realSize = whole(string);
    else if (key === "uid") changed.uid = whole(string);
    else if (key === "gid") changed.gid = whole(string);
    else if (key === "mtime") changed.mtime = nanoseconds(string);
    else if (key.startsWith("SCHILY.xattr.")) xattrs.set(key.slice("SCHILY.xattr.".length), value);
  }
  return { header: { ...header, ...changed, xattrs }, size: realSize };
}

async function sparseMap(
  raw: RawHeader,
  records: ReadonlyMap<string, Buffer>,
  input: ByteQueue,
  body: Body,
): Promise<{ map: SparseChunk[]; realSize: number; name?: string } | null> {
  if (raw.typeFlag === "S") return oldGnuSparseMap(raw.block, () => required(input, tarBlock));
  return paxSparseMap(records, () => body.take(tarBlock));
}

async function extension(input: ByteQueue, size: number): Promise<Buffer> {
  if (size > extensionLimit) throw new InvalidArgumentError("archive/tar: header field too long");
  const bytes = await required(input, size + tarPadding(size));
  return bytes.subarray(0, size);
}

async function required(input: ByteQueue, size: number): Promise<Buffer> {
  const bytes = await input.take(size);
  if (bytes === null) throw unexpectedEnd();
  return bytes;
}

function unexpectedEnd(): InvalidArgumentError {
  return new InvalidArgumentError("unexpected EOF");
}

function whole(value: string): number {
  const number = Number(value);
  if (!/^\d+$/.test(value) || !Number.isSafeInteger(number)) throw new InvalidArgumentError("archive/tar: invalid tar header");
  return number;
}

function nanoseconds(value: string): bigint {
  const match = /^(-?)(\d{1,18})(?:\.(\d*))?$/.exec(value);
  if (!match) throw new InvalidArgumentError("archive/tar: invalid tar header");
  const positive = BigInt(match[2] ?? "0") * 1_000_000_000n + BigInt((match[3] ?? "").slice(0, 9).padEnd(9, "0"));
  return match[1] ? -positive : positive;
}

function isEmpty(block: Buffer): boolean {
  return block.every((byte) => byte === 0);
}
