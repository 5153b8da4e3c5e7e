/** A request to the kernel, netlink(7): its type, flags beyond REQUEST and ACK, the fixed header of that type, and attributes. */
export interface NetlinkRequest {
  readonly type: number;
  readonly flags: number;
  readonly header: Uint8Array;
  readonly attributes: readonly Attribute[];
}

/** rtnetlink(7)'s rtattr; a list of attributes is one nested in another. */
export interface Attribute {
  readonly type: number;
  readonly value: Uint8Array | readonly Attribute[];
}

/** A message from the kernel. */
export interface NetlinkMessage {
  readonly type: number;
  readonly sequence: number;
  readonly payload: Buffer;
}

const HEADER = 16;
const REQUEST = 0x1;
const ACK = 0x4;

/**
 * The bytes of a request, in the machine's byte order (all that Node runs containers on is little-endian); the kernel answers it, if only by an
 * acknowledgement, when `acknowledged`.
 */
export function encodeRequest(request: NetlinkRequest, sequence: number, acknowledged = true): Buffer {
  const body = [padded(request.header), ...request.attributes.map(encodeAttribute)];
  const header = Buffer.alloc(HEADER);
  header.writeUInt32LE(HEADER + sizeOf(body), 0);
  header.writeUInt16LE(request.type, 4);
  header.writeUInt16LE(request.flags | REQUEST | (acknowledged ? ACK : 0), 6);
  header.writeUInt32LE(sequence, 8);
  return Buffer.concat([header, ...body]);
}

/** The bytes of requests that netfilter carries out all or none (linux/netfilter/nfnetlink.h); only they are acknowledged, from `sequence` on. */
export function encodeBatch(subsystem: number, requests: readonly NetlinkRequest[], sequence: number): Buffer {
  const BEGIN = 0x10;
  const END = 0x11;
  const edge = (type: number): Buffer =>
    encodeRequest({ type, flags: 0, header: Buffer.from([0, 0, 0, subsystem]), attributes: [] }, sequence, false);
  return Buffer.concat([edge(BEGIN), ...requests.map((request, index) => encodeRequest(request, sequence + index)), edge(END)]);
}

/** The bytes of attributes one after another, as they stand in a message or in another attribute. */
export function encodeAttributes(attributes: readonly Attribute[]): Buffer {
  return Buffer.concat(attributes.map(encodeAttribute));
}

function encodeAttribute({ type, value }: Attribute): Buffer {
  const payload = value instanceof Uint8Array ? padded(value) : encodeAttributes(value);
  const length = value instanceof Uint8Array ? value.length : payload.length;
  const header = Buffer.alloc(4);
  header.writeUInt16LE(4 + length, 0);
  header.writeUInt16LE(type, 2);
  return Buffer.concat([header, payload]);
}

/** Splits what one recv(2) gave. */
export function decodeMessages(data: Buffer): readonly NetlinkMessage[] {
  const messages: NetlinkMessage[] = [];
  let rest = data;
  while (rest.length >= HEADER) {
    const length = rest.readUInt32LE(0);
    if (length < HEADER || length > rest.length) break;
    messages.push({ type: rest.readUInt16LE(4), sequence: rest.readUInt32LE(8), payload: rest.subarray(HEADER, length) });
    rest = rest.subarray(aligned(length));
  }
  return messages;
}

/** The attributes that follow a message's fixed header, by type; of a type that comes twice the last. */
export function decodeAttributes(data: Buffer): ReadonlyMap<number, Buffer> {
  const attributes = new Map<number, Buffer>();
  let rest = data;
  while (rest.length >= 4) {
    const length = rest.readUInt16LE(0);
    if (length < 4 || length > rest.length) break;
    attributes.set(rest.readUInt16LE(2) & 0x3fff, rest.subarray(4, length));
    rest = rest.subarray(aligned(length));
  }
  return attributes;
}

/** An attribute's text, with the final zero that the kernel wants. */
export function text(value: string): Uint8Array {
  return Buffer.from(`${value}\0`);
}

export function uint32(value: number): Uint8Array {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

/** In the network's byte order, as netfilter has its numbers. */
export function bigEndian32(value: number): Uint8Array {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

function padded(bytes: Uint8Array): Buffer {
  const out = Buffer.alloc(aligned(bytes.length));
  out.set(bytes);
  return out;
}

function aligned(length: number): number {
  return (length + 3) & ~3;
}

function sizeOf(parts: readonly Buffer[]): number {
  return parts.reduce((sum, part) => sum + part.length, 0);
}
