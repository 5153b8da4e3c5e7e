import { InvalidArgumentError } from "../../base/errors.ts";
import { number, text } from "./decode-header.ts";

/** Bytes of a sparse file that are in the archive; the rest is holes. */
export interface SparseChunk {
  readonly offset: number;
  readonly length: number;
}

export interface SparseFile {
  readonly map: SparseChunk[];
  readonly realSize: number;
  /** PAX archives give a made-up path, and the real one here. */
  readonly name?: string;
}

/** A map that is larger than this is refused. */
const mapLimit = 1 << 16;

/** GNU's old format: four chunks in the header, more in the blocks that follow it. */
export async function oldGnuSparseMap(header: Buffer, nextBlock: () => Promise<Buffer>): Promise<SparseFile> {
  const map: SparseChunk[] = [];
  const read = (block: Buffer, from: number, count: number): void => {
    for (let at = from; at < from + count * 24; at += 24) {
      if (block[at] === 0) return;
      map.push({ offset: number(block.subarray(at, at + 12)), length: number(block.subarray(at + 12, at + 24)) });
    }
  };
  read(header, 386, 4);
  for (let more = header[482] !== 0; more;) {
    const block = await nextBlock();
    read(block, 0, 21);
    more = block[504] !== 0;
    if (map.length > mapLimit) throw malformed();
  }
  return checked(map, number(header.subarray(483, 495)));
}

/** The PAX formats 0.0 and 0.1, with the map in the records, and 1.0, where it stands before the content. Null when not sparse. */
export async function paxSparseMap(records: ReadonlyMap<string, Buffer>, nextBlock: () => Promise<Buffer>): Promise<SparseFile | null> {
  const get = (key: string): string | undefined => records.get(`GNU.sparse.${key}`)?.toString();
  const name = get("name");
  const named = name === undefined ? {} : { name };
  if (get("major") === "1" && get("minor") === "0") {
    let read = "";
    const values: number[] = [];
    const value = async (): Promise<number> => {
      let newline = read.indexOf("\n");
      while (newline < 0) {
        read += text(await nextBlock());
        newline = read.indexOf("\n");
        if (newline < 0 && read.length > 512) throw malformed();
      }
      const line = read.slice(0, newline);
      read = read.slice(newline + 1);
      return decimal(line);
    };
    const count = await value();
    if (count > mapLimit) throw malformed();
    while (values.length < 2 * count) values.push(await value());
    return { ...checked(pairs(values), decimal(get("realsize") ?? "")), ...named };
  }
  const map = get("map");
  if (map === undefined) return null;
  return { ...checked(pairs(map.split(",").map(decimal)), decimal(get("size") ?? "")), ...named };
}

function pairs(values: readonly number[]): SparseChunk[] {
  const map: SparseChunk[] = [];
  for (let at = 0; at + 1 < values.length; at += 2) map.push({ offset: values[at] ?? 0, length: values[at + 1] ?? 0 });
  return map;
}

/** Chunks must be in order, apart, and within the file. */
function checked(map: SparseChunk[], realSize: number): SparseFile {
  let end = 0;
  for (const { offset, length } of map) {
    if (offset < end || offset + length > realSize) throw malformed();
    end = offset + length;
  }
  return { map, realSize };
}

function decimal(digits: string): number {
  const value = Number(digits);
  if (!/^\d+$/.test(digits) || !Number.isSafeInteger(value)) throw malformed();
  return value;
}

function malformed(): InvalidArgumentError {
  return new InvalidArgumentError("archive/tar: invalid tar header");
}
