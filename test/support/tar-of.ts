import { tarHeader, tarPadding, type TarHeader } from "../../src/oci/tar/tar-header.ts";
import { encodeTarHeader, tarEnd } from "../../src/oci/tar/write-tar.ts";

/** An entry of a tar that a test spells out. */
export interface TarItem {
  readonly header: TarHeader;
  readonly content: Buffer;
}

type Attributes = Partial<Omit<TarHeader, "name" | "type" | "size">>;

export function file(name: string, content: string | Buffer = "", attributes: Attributes = {}): TarItem {
  const bytes = Buffer.from(content as string);
  return { header: tarHeader({ name, size: bytes.length, ...attributes }), content: bytes };
}

export function dir(name: string, attributes: Attributes = {}): TarItem {
  return item({ name: `${name}/`, type: "directory", ...attributes });
}

export function symlink(name: string, linkName: string): TarItem {
  return item({ name, type: "symlink", linkName, mode: 0o777 });
}

export function hardlink(name: string, linkName: string): TarItem {
  return item({ name, type: "link", linkName });
}

export function device(name: string, devMajor: number, devMinor: number): TarItem {
  return item({ name, type: "character-device", devMajor, devMinor });
}

/** `tmp/old` → `tmp/.wh.old` */
export function whiteout(path: string): TarItem {
  return file(path.replace(/([^/]+)$/, ".wh.$1"));
}

export function opaque(directory: string): TarItem {
  return file(`${directory}/.wh..wh..opq`);
}

/** The archive of these entries, in this order. */
export function tarOf(...items: readonly TarItem[]): Buffer {
  const pieces = items.flatMap(({ header, content }) => [encodeTarHeader(header), content, Buffer.alloc(tarPadding(content.length))]);
  return Buffer.concat([...pieces, tarEnd]);
}

/** The archive as a stream, in chunks that fall across its blocks. */
export async function* streamOf(bytes: Buffer, chunk = 700): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += chunk) yield bytes.subarray(at, at + chunk);
}

function item(given: Pick<TarHeader, "name"> & Partial<TarHeader>): TarItem {
  return { header: tarHeader(given), content: Buffer.alloc(0) };
}
