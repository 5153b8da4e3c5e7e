import { tarBlock, tarPadding, type TarHeader, type TarType } from "./tar-header.ts";

const typeFlags: Readonly<Record<Exclude<TarType, "other">, string>> = {
  file: "0",
  link: "1",
  symlink: "2",
  "character-device": "3",
  "block-device": "4",
  directory: "5",
  fifo: "6",
};

/** Two empty blocks end an archive. */
export const tarEnd: Buffer = Buffer.alloc(2 * tarBlock);

/**
 * The blocks before an entry's content: a ustar header, behind a PAX header for what ustar has no room for.
 * The caller writes the content and `tarPadding(size)` zero bytes. PAX is written only where needed, so that equal files give equal archives.
 */
export function encodeTarHeader(header: TarHeader): Buffer {
  return encoded(header, paxRecords(header));
}

/** Bytes of a sparse file that are in the archive; between them are holes. */
export interface DataRange {
  readonly offset: number;
  readonly length: number;
}

/**
 * The blocks before the content of a sparse file, of which only `ranges` follow, one behind the other (GNU's PAX format 1.0, which Go's and
 * GNU's readers know). `stored` is how many bytes of content the caller writes.
 */
export function encodeSparseHeader(header: TarHeader, ranges: readonly DataRange[]): { readonly blocks: Buffer; readonly stored: number } {
  // Without an entry at its end a file that ends in a hole would be shorter.
  const map = [...ranges, { offset: header.size, length: 0 }];
  const numbers = [map.length, ...map.flatMap(({ offset, length }) => [offset, length])];
  const text = Buffer.from(numbers.map((number) => `${number}\n`).join(""));
  const front = Buffer.concat([text, Buffer.alloc(tarPadding(text.length))]);
  const stored = ranges.reduce((sum, { length }) => sum + length, 0);
  const slash = header.name.lastIndexOf("/") + 1;
  const placeholder = `${header.name.slice(0, slash)}GNUSparseFile.0/${header.name.slice(slash)}`;
  const inArchive = { ...header, name: placeholder, size: front.length + stored };
  const sparse = Object.entries({ major: "1", minor: "0", name: header.name, realsize: String(header.size) });
  const records = [...paxRecords(inArchive), ...sparse.map(([key, value]) => paxRecord(`GNU.sparse.${key}`, value))];
  return { blocks: Buffer.concat([encoded(inArchive, records), front]), stored };
}

function encoded(header: TarHeader, pax: readonly Buffer[]): Buffer {
  const main = ustar(header, typeFlags[header.type === "other" ? "file" : header.type]);
  if (pax.length === 0) return main;
  const body = Buffer.concat(pax);
  const name = `PaxHeaders/${asciiOnly(header.name).slice(0, 80)}`;
  const front = ustar({ ...header, name, size: body.length, linkName: "", mode: 0o644, uid: 0, gid: 0 }, "x");
  return Buffer.concat([front, body, Buffer.alloc(tarPadding(body.length)), main]);
}

function paxRecords(header: TarHeader): Buffer[] {
  const records: Buffer[] = [];
  const add = (key: string, value: string | Uint8Array): void => void records.push(paxRecord(key, value));
  if (splitName(header.name) === null) add("path", header.name);
  if (Buffer.byteLength(header.linkName) > 100 || !isAscii(header.linkName)) add("linkpath", header.linkName);
  if (header.size > 0o77777777777) add("size", String(header.size));
  if (header.uid > 0o7777777) add("uid", String(header.uid));
  if (header.gid > 0o7777777) add("gid", String(header.gid));
  if (header.mtime % 1_000_000_000n !== 0n || header.mtime < 0n || header.mtime >= 0o77777777777n * 1_000_000_000n) {
    add("mtime", decimalSeconds(header.mtime));
  }
  for (const [key, value] of [...header.xattrs].toSorted(([a], [b]) => (a < b ? -1 : 1))) add(`SCHILY.xattr.${key}`, value);
  return records;
}

/** `LENGTH KEY=VALUE\n`, where the length counts its own digits. */
function paxRecord(key: string, value: string | Uint8Array): Buffer {
  const rest = Buffer.concat([Buffer.from(` ${key}=`), Buffer.from(value as string), Buffer.from("\n")]);
  let length = rest.length + 1;
  while (length !== rest.length + String(length).length) length = rest.length + String(length).length;
  return Buffer.concat([Buffer.from(String(length)), rest]);
}

function decimalSeconds(nanoseconds: bigint): string {
  const sign = nanoseconds < 0n ? "-" : "";
  const positive = nanoseconds < 0n ? -nanoseconds : nanoseconds;
  const fraction = (positive % 1_000_000_000n).toString().padStart(9, "0").replace(/0+$/, "");
  return `${sign}${positive / 1_000_000_000n}${fraction && `.${fraction}`}`;
}

const magic = Buffer.from("ustar\x0000");

function ustar(header: TarHeader, typeFlag: string): Buffer {
  const block = Buffer.allocUnsafe(tarBlock).fill(0);
  const { name, prefix } = splitName(header.name) ?? { name: asciiOnly(header.name).slice(0, 100), prefix: "" };
  block.write(name, 0, "latin1");
  putOctal(block, 100, header.mode & 0o7777, 7);
  putOctal(block, 108, header.uid > 0o7777777 ? 0 : header.uid, 7);
  putOctal(block, 116, header.gid > 0o7777777 ? 0 : header.gid, 7);
  putOctal(block, 124, header.size > 0o77777777777 ? 0 : header.size, 11);
  const seconds = Number(header.mtime / 1_000_000_000n);
  putOctal(block, 136, seconds < 0 || seconds > 0o77777777777 ? 0 : seconds, 11);
  block.fill(0x20, 148, 156);
  block[156] = typeFlag.charCodeAt(0);
  if (header.linkName !== "") block.write(asciiOnly(header.linkName).slice(0, 100), 157);
  block.set(magic, 257);
  putOctal(block, 329, header.devMajor, 7);
  putOctal(block, 337, header.devMinor, 7);
  if (prefix !== "") block.write(prefix, 345);
  let sum = 0;
  for (let at = 0; at < tarBlock; at++) sum += block[at] ?? 0;
  putOctal(block, 148, sum, 6);
  block[154] = 0;
  return block;
}

/** `name` in ustar's two fields, or null when it does not fit or is not ASCII. */
function splitName(name: string): { name: string; prefix: string } | null {
  if (!isAscii(name)) return null;
  if (name.length <= 100) return { name, prefix: "" };
  // The name field may not be empty, also when the path ends in a slash.
  const slash = name.indexOf("/", name.length - 101);
  if (slash <= 0 || slash > 155 || slash === name.length - 1) return null;
  return { prefix: name.slice(0, slash), name: name.slice(slash + 1) };
}

function isAscii(text: string): boolean {
  // eslint-disable-next-line no-control-regex
  return /^[\x01-\x7f]*$/.test(text);
}

function asciiOnly(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, "_");
}

/** Digits without strings in between: a tar of many files has eight numbers for each. */
function putOctal(block: Buffer, at: number, value: number, digits: number): void {
  for (let place = at + digits - 1, rest = value; place >= at; place--) {
    const higher = Math.floor(rest / 8);
    block[place] = 0x30 + (rest - higher * 8);
    rest = higher;
  }
}
