import { crc32 } from "node:zlib";

/** Of an entry's general purpose flags: its name is UTF-8 (PKWARE APPNOTE 6.3.10, 4.4.4, bit 11). */
const IS_UTF8 = 1 << 11;
/** The extra field with the name in UTF-8, of programs that write another name for older ones (APPNOTE 4.6.9). */
const UNICODE_PATH = 0x7075;

/** The upper half of IBM's code page 437, in which a name is that says nothing else (APPNOTE, appendix D.1). */
const CP437 =
  "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0";

const utf8 = new TextDecoder("utf-8", { fatal: true });
const chinese = new TextDecoder("gb18030", { fatal: true });

/**
 * An entry's name, with `/`. What does not say in which encoding it is, is UTF-8 where it can be, as macOS and Linux write it; GB 2312 where all that is not
 * ASCII are pairs of its bytes, as Windows in China writes it; and else code page 437.
 * @param extra its extra fields.
 */
export function zipName(raw: Buffer, flags: number, extra: readonly ExtraField[]): string {
  return decoded(raw, flags, extra).replaceAll("\\", "/");
}

function decoded(raw: Buffer, flags: number, extra: readonly ExtraField[]): string {
  if ((flags & IS_UTF8) !== 0) return raw.toString("utf8");
  const unicode = extra.find(({ id }) => id === UNICODE_PATH)?.data;
  // One whose sum is another's belongs to a name that was changed since.
  if (unicode !== undefined && unicode.length > 5 && unicode.readUInt8(0) === 1 && unicode.readUInt32LE(1) === crc32(raw)) {
    return unicode.subarray(5).toString("utf8");
  }
  try {
    return utf8.decode(raw);
  } catch {
    const isChinese = /^(?:[\0-\x7f]|[\xa1-\xf7][\xa1-\xfe])*$/.test(raw.toString("latin1"));
    if (isChinese) return chinese.decode(raw);
    return Array.from(raw, (byte) => (byte < 0x80 ? String.fromCharCode(byte) : (CP437[byte - 0x80] ?? ""))).join("");
  }
}

export interface ExtraField {
  readonly id: number;
  readonly data: Buffer;
}

/** The extra fields of an entry (APPNOTE 4.5); what is cut off is left out. */
export function extraFields(bytes: Buffer): readonly ExtraField[] {
  const fields: ExtraField[] = [];
  for (let at = 0; at + 4 <= bytes.length;) {
    const end = at + 4 + bytes.readUInt16LE(at + 2);
    if (end > bytes.length) break;
    fields.push({ id: bytes.readUInt16LE(at), data: bytes.subarray(at + 4, end) });
    at = end;
  }
  return fields;
}
