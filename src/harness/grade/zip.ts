import { type FileHandle, open } from "node:fs/promises";
import { constants } from "node:fs";
import { crc32, inflateRaw } from "node:zlib";
import { promisify } from "node:util";
import type { SubmittedEntry } from "./entries.ts";
import { type ExtraField, extraFields, zipName } from "./zip-names.ts";

/** Bytes by their place: a file, or what is in memory. */
export interface ByteSource {
  readonly size: number;
  read(offset: number, length: number): Promise<Buffer>;
}

const inflate = promisify(inflateRaw);

const END = 0x06054b50;
const CENTRAL = 0x02014b50;
const LOCAL = 0x04034b50;
const END_LENGTH = 22;
const END64 = 0x06064b50;
const END64_LENGTH = 56;
const LOCATOR64 = 0x07064b50;
const LOCATOR64_LENGTH = 20;
/** Stands where a size or place has more than 32 bits; it is then in the extra field 1 (APPNOTE 4.5.3). */
const SEE_64 = 0xffffffff;
/** A comment may follow the end record (APPNOTE 4.3.16). */
const LONGEST_COMMENT = 0xffff;
const CHUNK = 64 * 1024;
/** Of the table of contents: room for two hundred thousand names. */
const LONGEST_DIRECTORY = 32 * 1024 * 1024;

export function bytesInMemory(bytes: Uint8Array): ByteSource {
  const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return { size: all.length, read: async (offset, length) => all.subarray(offset, offset + length) };
}

/** A file's bytes, never through a link; each read opens it, so that a cohort's archive holds no descriptor. */
export async function bytesOfFile(path: string): Promise<ByteSource> {
  const using = async <T>(act: (file: FileHandle) => Promise<T>): Promise<T> => {
    const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    try {
      return await act(file);
    } finally {
      await file.close();
    }
  };
  const size = await using(async (file) => {
    const info = await file.stat();
    return info.isFile() ? info.size : 0;
  });
  return {
    size,
    read: (offset, length) =>
      using(async (file) => {
        const { bytesRead, buffer } = await file.read(Buffer.alloc(Math.max(0, Math.min(length, size - offset))), { position: offset });
        return buffer.subarray(0, bytesRead);
      }),
  };
}

export async function* bytesOf(source: ByteSource): AsyncGenerator<Buffer> {
  for (let at = 0; at < source.size; at += CHUNK) yield await source.read(at, CHUNK);
}

/**
 * The entries of a zip, by its table of contents (PKWARE APPNOTE 6.3.10): stored or deflated, also with 64-bit sizes and with sizes that follow the data.
 * Folders are left out, unless `onFolder` is to be told of them.
 * @throws Error saying what is wrong: not a zip, cut off, of several parts; when it is read, that an entry is damaged, encrypted, or packed in another way.
 */
export async function readZip(source: ByteSource, onFolder?: (path: string) => void): Promise<readonly SubmittedEntry[]> {
  const { count, length, offset } = await findDirectory(source);
  if (length > LONGEST_DIRECTORY) throw new Error("its table of contents is too long");
  if (offset + length > source.size) throw new Error("its table of contents lies outside");
  const directory = await source.read(offset, length);
  const entries: SubmittedEntry[] = [];
  let at = 0;
  for (let index = 0; index < count; index++) {
    if (at + 46 > directory.length || directory.readUInt32LE(at) !== CENTRAL) throw new Error("its table of contents is damaged");
    const nameEnd = at + 46 + directory.readUInt16LE(at + 28);
    const extraEnd = nameEnd + directory.readUInt16LE(at + 30);
    const extra = extraFields(directory.subarray(nameEnd, extraEnd));
    const path = zipName(directory.subarray(at + 46, nameEnd), directory.readUInt16LE(at + 8), extra);
    if (path.endsWith("/")) onFolder?.(path);
    else entries.push(entryAt(source, directory.subarray(at, nameEnd), path, extra));
    at = extraEnd + directory.readUInt16LE(at + 32);
  }
  return entries;
}

async function findDirectory(source: ByteSource): Promise<{ count: number; length: number; offset: number }> {
  const tailLength = Math.min(source.size, END_LENGTH + LONGEST_COMMENT);
  const tail = await source.read(source.size - tailLength, tailLength);
  for (let at = tail.length - END_LENGTH; at >= 0; at--) {
    if (tail.readUInt32LE(at) !== END) continue;
    const [count, length, offset] = [tail.readUInt16LE(at + 10), tail.readUInt32LE(at + 12), tail.readUInt32LE(at + 16)];
    const is64 = count === 0xffff || length === SEE_64 || offset === SEE_64;
    const found = is64 ? await findDirectory64(source, source.size - tailLength + at) : null;
    if (found !== null) return found;
    if (tail.readUInt16LE(at + 4) !== 0) throw new Error("it is one of several parts");
    return { count, length, offset };
  }
  throw new Error("it has no table of contents: it is cut off, or no zip");
}

/** The 64-bit end record, which a locator before the other end record names (APPNOTE 4.3.14, 4.3.15); null when there is none. */
async function findDirectory64(source: ByteSource, end: number): Promise<{ count: number; length: number; offset: number } | null> {
  const locator = await source.read(Math.max(0, end - LOCATOR64_LENGTH), LOCATOR64_LENGTH);
  if (locator.length < LOCATOR64_LENGTH || locator.readUInt32LE(0) !== LOCATOR64) return null;
  const at = Number(locator.readBigUInt64LE(8));
  const record = at < source.size ? await source.read(at, END64_LENGTH) : Buffer.alloc(0);
  if (record.length < END64_LENGTH || record.readUInt32LE(0) !== END64) throw new Error("its 64-bit table of contents is damaged");
  const [count = 0, length = 0, offset = 0] = [32, 40, 48].map((place) => Number(record.readBigUInt64LE(place)));
  return { count, length, offset };
}

/** An entry's size unpacked, size packed and place: those with more than 32 bits are in its extra field 1, in this order (APPNOTE 4.5.3). */
function sizesOf(header: Buffer, path: string, extra: readonly ExtraField[]): readonly [size: number, stored: number, offset: number] {
  const long = extra.find(({ id }) => id === 1)?.data ?? Buffer.alloc(0);
  let place = 0;
  const [size = 0, stored = 0, offset = 0] = [24, 20, 42].map((at) => {
    const value = header.readUInt32LE(at);
    if (value !== SEE_64) return value;
    if (place + 8 > long.length) throw new Error(`${path} is damaged`);
    place += 8;
    return Number(long.readBigUInt64LE(place - 8));
  });
  return [size, stored, offset];
}

/** @param header its line in the table of contents. */
function entryAt(source: ByteSource, header: Buffer, path: string, extra: readonly ExtraField[]): SubmittedEntry {
  const flags = header.readUInt16LE(8);
  const method = header.readUInt16LE(10);
  // Made on Unix: its mode is in the upper half of the external attributes.
  const mode = header.readUInt8(5) === 3 ? header.readUInt32LE(38) >>> 16 : 0o100644;
  const kind = mode & 0o170000;
  const checked = (bytes: Buffer): Buffer => {
    if (crc32(bytes) !== header.readUInt32LE(16)) throw new Error(`${path} is damaged`);
    return bytes;
  };
  return {
    path,
    type: kind === 0o120000 ? "link" : kind === 0 || kind === 0o100000 ? "file" : "other",
    mode: mode & 0o777,
    modifiedAt: exactTime(extra) ?? dosTime(header.readUInt16LE(14), header.readUInt16LE(12)),
    read: async (limit) => {
      if (flags & 1) throw new Error(`${path} is encrypted`);
      const [size, stored, offset] = sizesOf(header, path, extra);
      if (size > limit) return null;
      if (offset > source.size) throw new Error(`${path} lies outside`);
      const head = await source.read(offset, 30);
      if (head.length < 30 || head.readUInt32LE(0) !== LOCAL) throw new Error(`${path} is damaged`);
      const start = offset + 30 + head.readUInt16LE(26) + head.readUInt16LE(28);
      // No deflated stream is longer than this, so a size that lies costs no memory.
      if (stored > limit + limit / 1000 + 1024) return null;
      const bytes = await source.read(start, stored);
      if (bytes.length < stored) throw new Error(`${path} is cut off`);
      if (method === 0) return checked(bytes);
      if (method !== 8) throw new Error(`${path} is packed by method ${method}, which is not read`);
      try {
        // One that unpacks to more than it says, and than is allowed, is a bomb.
        return checked(await inflate(bytes, { maxOutputLength: Math.max(1, limit) }));
      } catch (error) {
        if (error instanceof RangeError) return null;
        throw new Error(`${path} is damaged`, { cause: error });
      }
    },
  };
}

/** The extended timestamp of Info-ZIP (extra field 0x5455), in UTC, when it has one. */
function exactTime(extra: readonly ExtraField[]): Date | null {
  const data = extra.find(({ id }) => id === 0x5455)?.data;
  const isThere = data !== undefined && data.length >= 5 && (data.readUInt8(0) & 1) === 1;
  return isThere ? new Date(data.readInt32LE(1) * 1000) : null;
}

/** Without an offset, so read as this host's own time. */
function dosTime(date: number, time: number): Date | null {
  if (date === 0) return null;
  return new Date(1980 + (date >> 9), ((date >> 5) & 15) - 1, date & 31, time >> 11, (time >> 5) & 63, (time & 31) * 2);
}
