/** A question as DNS asks it (RFC 1035): `name` in lower case without its final dot, `type` 1 for A, 12 for PTR, 28 for AAAA. */
export interface DnsQuestion {
  readonly id: number;
  readonly recursionDesired: boolean;
  readonly name: string;
  readonly type: number;
  /** How many bytes the asker takes over UDP (RFC 6891): 512, or what it says. */
  readonly udpSize: number;
  /** The question section as it came, to be sent back. */
  readonly bytes: Buffer;
}

export const dnsType = { a: 1, ptr: 12, aaaa: 28, opt: 41 } as const;

/** RCODE of an answer (RFC 1035 section 4.1.1). */
export const dnsFailure = { format: 1, server: 2, notImplemented: 4 } as const;

/** What to answer: addresses for an A question, names for a PTR one; null when there is no such name. */
export type DnsAnswer = readonly string[] | null;

const HEADER = 12;
/** RFC 1035 section 2.3.4. */
const LONGEST_NAME = 255;
const UDP_SIZES = { least: 512, most: 4096 } as const;
/** Docker's time to live, in seconds. */
const TTL = 600;

/** The one question of a query; null for anything else. */
export function decodeQuestion(message: Buffer): DnsQuestion | null {
  if (message.length < HEADER) return null;
  const flags = message.readUInt16BE(2);
  const isQuery = (flags & 0x8000) === 0 && (flags & 0x7800) === 0;
  if (!isQuery || message.readUInt16BE(4) !== 1) return null;
  const labels: string[] = [];
  let at = HEADER;
  for (;;) {
    const length = message[at];
    if (length === undefined || length > 63) return null;
    at += 1;
    if (length === 0) break;
    labels.push(message.toString("latin1", at, at + length).toLowerCase());
    at += length;
  }
  if (at + 4 > message.length || at - HEADER > LONGEST_NAME) return null;
  return {
    id: message.readUInt16BE(0),
    recursionDesired: (flags & 0x0100) !== 0,
    name: labels.join("."),
    type: message.readUInt16BE(at),
    udpSize: udpSizeOf(message, at + 4),
    bytes: message.subarray(HEADER, at + 4),
  };
}

/** An OPT record, when it comes first after the question, has the size where others have their class. */
function udpSizeOf(message: Buffer, at: number): number {
  const isOpt =
    message.readUInt16BE(10) > 0 && at + 11 <= message.length && message[at] === 0 && message.readUInt16BE(at + 1) === dnsType.opt;
  return isOpt ? Math.min(Math.max(message.readUInt16BE(at + 3), UDP_SIZES.least), UDP_SIZES.most) : UDP_SIZES.least;
}

/** What to say of a message that cannot be answered; null for what is no query, of which nothing is said, so that no two answer each other for ever. */
export function encodeFailure(message: Buffer, code: number): Buffer | null {
  if (message.length < HEADER || (message.readUInt16BE(2) & 0x8000) !== 0) return null;
  const header = Buffer.alloc(HEADER);
  header.writeUInt16BE(message.readUInt16BE(0), 0);
  header.writeUInt16BE(0x8080 | (message.readUInt16BE(2) & 0x7900) | code, 2);
  return header;
}

/** An answer of more than `size` bytes without its records, marked as cut off: the asker comes again over TCP. */
export function truncated(question: DnsQuestion, answer: Buffer, size: number): Buffer {
  if (answer.length <= size) return answer;
  const bare = Buffer.concat([answer.subarray(0, HEADER), question.bytes]);
  bare.writeUInt16BE(bare.readUInt16BE(2) | 0x0200, 2);
  bare.writeUInt16BE(0, 6);
  bare.writeUInt32BE(0, 8);
  return bare;
}

/** The response: NXDOMAIN for null, no error and no record for an empty list. */
export function encodeAnswer(question: DnsQuestion, answer: DnsAnswer): Buffer {
  const NXDOMAIN = 3;
  const records = (answer ?? []).map((value) => encodeRecord(question.type, value));
  const header = Buffer.alloc(HEADER);
  header.writeUInt16BE(question.id, 0);
  // A response, with recursion available.
  header.writeUInt16BE(0x8080 | (question.recursionDesired ? 0x0100 : 0) | (answer === null ? NXDOMAIN : 0), 2);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(records.length, 6);
  return Buffer.concat([header, question.bytes, ...records]);
}

function encodeRecord(type: number, value: string): Buffer {
  const data = type === dnsType.a ? Buffer.from(value.split(".").map(Number)) : encodeName(value);
  const record = Buffer.alloc(12);
  // The name is the question's, which always starts at 12.
  record.writeUInt16BE(0xc000 | HEADER, 0);
  record.writeUInt16BE(type, 2);
  record.writeUInt16BE(1, 4);
  record.writeUInt32BE(TTL, 6);
  record.writeUInt16BE(data.length, 10);
  return Buffer.concat([record, data]);
}

function encodeName(name: string): Buffer {
  const labels = name.split(".").map((label) => Buffer.from(label.slice(0, 63), "latin1"));
  return Buffer.concat([...labels.flatMap((label) => [Buffer.from([label.length]), label]), Buffer.from([0])]);
}
