import { crc32, deflateRawSync } from "node:zlib";

export interface ZipItem {
  readonly path: string;
  readonly content: Buffer;
  /** Of Unix: type and permissions. */
  readonly mode?: number;
  /** What it says that it unpacks to, if that is not the truth. */
  readonly claimedSize?: number;
}

/** A zip of these files, deflated, all of one moment: 2026-03-01 12:00 here. */
export function zipOf(...items: readonly ZipItem[]): Buffer {
  const pieces: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { path, content, mode = 0o100644, claimedSize = content.length } of items) {
    const name = Buffer.from(path);
    const packed = deflateRawSync(content);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(8, 4);
    common.writeUInt16LE(12 << 11, 6);
    common.writeUInt16LE(((2026 - 1980) << 9) | (3 << 5) | 1, 8);
    common.writeUInt32LE(crc32(content), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(claimedSize, 18);
    common.writeUInt16LE(name.length, 22);
    const central = Buffer.alloc(46);
    central.writeUInt32LE(0x02014b50, 0);
    central.writeUInt16LE((3 << 8) | 20, 4);
    common.copy(central, 6);
    central.writeUInt32LE((mode << 16) >>> 0, 38);
    central.writeUInt32LE(offset, 42);
    directory.push(central, name);
    const signature = Buffer.alloc(4);
    signature.writeUInt32LE(0x04034b50, 0);
    pieces.push(signature, common, name, packed);
    offset += 30 + name.length + packed.length;
  }
  const table = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(items.length, 8);
  end.writeUInt16LE(items.length, 10);
  end.writeUInt32LE(table.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...pieces, table, end]);
}
