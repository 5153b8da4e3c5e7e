import { type FileHandle, open } from "node:fs/promises";
import { constants } from "node:fs";
import { crc32, inflateRaw } from "node:zlib";
import { promisify } from "node:util";
import type { SubmittedEntry } from "./entries.ts";

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
 * The entries of a zip, by its table of contents (PKWARE APPNOTE 6.3.10): stored or deflated, names as UTF-8. Folders are left out, unless `onFolder`
 * is to be told of them.
 * @throws Error saying what is wrong: not a zip, cut off, encrypted, of several parts, or with 64-bit sizes, which no submission needs.
 */
export async function readZip(source: ByteSource, onFolder?: (path: string) => void): Promise<readonly SubmittedEntry[]> {
  const { count, length, offset } = await findDirectory(source);
  if (length > LONGEST_DIRECTORY) throw new Error("its table of contents is too long");
  const directory = await source.read(offset, length);
  const entries: SubmittedEntry[] = [];
  let at = 0;
  for (let index = 0; index < count; index++) {
    if (at + 46 > directory.length || directory.readUInt32LE(at) !== CENTRAL) throw new Error("its table of contents is damaged");
    const nameLength = directory.readUInt16LE(at + 28);
    const end = at + 46 + nameLength + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32);
    const path = directory.subarray(at + 46, at + 46 + nameLength).toString("utf8");
    if (path.endsWith("/")) onFolder?.(path);
    else entries.push(entryAt(source, directory, at, path));
    at = end;
  }
  return entries;
}

async function findDirectory(source: ByteSource): Promise<{ count: number; length: number; offset: number }> {
  const tailLength = Math.min(source.size, END_LENGTH + LONGEST_COMMENT);
  const tail = await source.read(source.size - tailLength, tailLength);
  for (let at = tail.length - END_LENGTH; at >= 0; at--) {
    if (tail.readUInt32LE(at) !== END) continue;
    if (tail.readUInt16LE(at + 4) !== 0) throw new Error("it is one of several parts");
    const [count, length, offset] = [tail.readUInt16LE(at + 10), tail.readUInt32LE(at + 12), tail.readUInt32LE(at + 16)];
    if (count === 0xffff || offset === 0xffffffff) throw new Error("it has 64-bit sizes, which are not read");
    if (offset + length > source.size) throw new Error("its table of contents lies outside");
    return { count, length, offset };
  }
  throw new Error("it has no table of contents: it is cut off, or no zip");
}

function entryAt(source: ByteSource, directory: Buffer, at: number, path: string): SubmittedEntry {
  const flags = directory.readUInt16LE(at + 8);
  const method = directory.readUInt16LE(at + 10);
  const stored = directory.readUInt32LE(at + 20);
  const size = directory.readUInt32LE(at + 24);
  // Made on Unix: its mode is in the upper half of the external attributes.
  const mode = directory.readUInt8(at + 5) === 3 ? directory.readUInt32LE(at + 38) >>> 16 : 0o100644;
  const kind = mode & 0o170000;
  const offset = directory.readUInt32LE(at + 42);
  const checked = (bytes: Buffer): Buffer => {
    if (crc32(bytes) !== directory.readUInt32LE(at + 16)) throw new Error(`${path} is damaged`);
    return bytes;
  };
  return {
    path: path.replaceAll("\\", "/"),
    type: kind === 0o120000 ? "link" : kind === 0 || kind === 0o100000 ? "file" : "other",
    mode: mode & 0o777,
    modifiedAt: exactTime(directory, at) ?? dosTime(directory.readUInt16LE(at + 14), directory.readUInt16LE(at + 12)),
    read: async (limit) => {
      if (flags & 1) throw new Error(`${path} is encrypted`);
      if (size > limit) return null;
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
function exactTime(directory: Buffer, at: number): Date | null {
  let place = at + 46 + directory.readUInt16LE(at + 28);
  const end = Math.min(place + directory.readUInt16LE(at + 30), directory.length);
  while (place + 4 <= end) {
    const [id, length] = [directory.readUInt16LE(place), directory.readUInt16LE(place + 2)];
    if (id === 0x5455 && length >= 5 && place + 9 <= end && (directory.readUInt8(place + 4) & 1) === 1) {
      return new Date(directory.readInt32LE(place + 5) * 1000);
    }
    place += 4 + length;
  }
  return null;
}

/** Without an offset, so read as this host's own time. */
function dosTime(date: number, time: number): Date | null {
  if (date === 0) return null;
  return new Date(1980 + (date >> 9), ((date >> 5) & 15) - 1, date & 31, time >> 11, (time >> 5) & 63, (time & 31) * 2);
}
