import { InvalidArgumentError } from "../../base/errors.ts";
import type { TarHeader, TarType } from "./tar-header.ts";

export interface RawHeader {
  readonly header: TarHeader;
  readonly typeFlag: string;
  /** Bytes of content that follow in the archive. */
  readonly size: number;
  readonly block: Buffer;
}

const types: Readonly<Record<string, TarType>> = {
  "0": "file",
  "\0": "file",
  "7": "file",
  S: "file",
  "1": "link",
  "2": "symlink",
  "3": "character-device",
  "4": "block-device",
  "5": "directory",
  D: "directory",
  "6": "fifo",
};

/** The header in a 512-byte block. @throws InvalidArgumentError when its checksum is wrong. */
export function decodeUstar(block: Buffer): RawHeader {
  let unsigned = 0;
  let signed = 0;
  for (let at = 0; at < block.length; at++) {
    const byte = at >= 148 && at < 156 ? 0x20 : (block[at] ?? 0);
    unsigned += byte;
    // Old implementations summed signed bytes.
    signed += byte > 127 ? byte - 256 : byte;
  }
  const sum = number(block.subarray(148, 156));
  if (sum !== unsigned && sum !== signed) throw new InvalidArgumentError("archive/tar: invalid tar header");
  const typeFlag = String.fromCharCode(block[156] ?? 0);
  const isPosix = block.toString("latin1", 257, 263) === "ustar\0";
  const prefix = isPosix ? text(block.subarray(345, 500)) : "";
  const rawName = text(block.subarray(0, 100));
  const name = prefix ? `${prefix}/${rawName}` : rawName;
  const size = number(block.subarray(124, 136));
  let type = types[typeFlag] ?? "other";
  // V7 archives have no type for directories.
  if (type === "file" && name.endsWith("/")) type = "directory";
  // Links and the like may carry a size, but never content; only unknown kinds do.
  const hasContent = type === "file" || type === "other" || typeFlag === "D";
  return {
    header: {
      name,
      type,
      mode: number(block.subarray(100, 108)) & 0o7777,
      uid: number(block.subarray(108, 116)),
      gid: number(block.subarray(116, 124)),
      size: 0,
      mtime: BigInt(number(block.subarray(136, 148), true)) * 1_000_000_000n,
      linkName: text(block.subarray(157, 257)),
      devMajor: isPosix || block.toString("latin1", 257, 262) === "ustar" ? number(block.subarray(329, 337)) : 0,
      devMinor: isPosix || block.toString("latin1", 257, 262) === "ustar" ? number(block.subarray(337, 345)) : 0,
      xattrs: new Map(),
    },
    typeFlag,
    size: hasContent ? size : 0,
    block,
  };
}

/** The records of a PAX header. @throws InvalidArgumentError when one is malformed. */
export function parsePax(bytes: Buffer): Map<string, Buffer> {
  const records = new Map<string, Buffer>();
  for (let at = 0; at < bytes.length;) {
    const space = bytes.indexOf(0x20, at);
    const length = space < 0 ? Number.NaN : Number(bytes.toString("latin1", at, space));
    const end = at + length;
    const equals = bytes.indexOf(0x3d, space);
    if (!Number.isInteger(length) || end > bytes.length || equals < 0 || equals >= end || bytes[end - 1] !== 0x0a) {
      throw new InvalidArgumentError("archive/tar: invalid tar header");
    }
    records.set(bytes.toString("utf8", space + 1, equals), bytes.subarray(equals + 1, end - 1));
    at = end;
  }
  return records;
}

/** The bytes before the first NUL. */
export function text(field: Buffer): string {
  const end = field.indexOf(0);
  return field.toString("utf8", 0, end < 0 ? field.length : end);
}

/** An octal field, or a GNU base-256 one. @throws InvalidArgumentError */
export function number(field: Buffer, negativeAllowed = false): number {
  const first = field[0] ?? 0;
  if (first & 0x80) {
    let value = BigInt(first & 0x40 ? (first | 0) - 256 : first & 0x7f);
    for (const byte of field.subarray(1)) value = value * 256n + BigInt(byte);
    const result = Number(value);
    if (!Number.isSafeInteger(result) || (result < 0 && !negativeAllowed))
      throw new InvalidArgumentError("archive/tar: invalid tar header");
    return result;
  }
  const digits = text(field).trim();
  if (digits === "") return 0;
  if (!/^[0-7]+$/.test(digits)) throw new InvalidArgumentError("archive/tar: invalid tar header");
  return Number.parseInt(digits, 8);
}
