import { InvalidArgumentError } from "./errors.ts";

/** A field of a message: its number, and its value as the wire has it. */
export type ProtobufField = readonly [number: number, value: bigint | Buffer];

const varint = 0;
const fixed64 = 1;
const bytes = 2;
const fixed32 = 5;

/** A message of these fields in the wire format of Protocol Buffers; numbers are unsigned, and absent fields are left out by the caller. */
export function encodeProtobuf(fields: readonly (readonly [number: number, value: number | bigint | string | Uint8Array])[]): Buffer {
  const parts: Buffer[] = [];
  for (const [number, value] of fields) {
    if (typeof value === "number" || typeof value === "bigint") parts.push(encodeVarint(BigInt(number << 3)), encodeVarint(BigInt(value)));
    else {
      const body = Buffer.from(value as string);
      parts.push(encodeVarint(BigInt((number << 3) | bytes)), encodeVarint(BigInt(body.length)), body);
    }
  }
  return Buffer.concat(parts);
}

/** The fields of a message in their order; of fixed-width ones the raw bytes. @throws InvalidArgumentError when it is cut off or malformed. */
export function* decodeProtobuf(message: Buffer): Generator<ProtobufField, void> {
  let at = 0;
  const readVarint = (): bigint => {
    let result = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = message[at++];
      if (byte === undefined) throw malformed();
      result |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asUintN(64, result);
    }
    throw malformed();
  };
  const take = (length: number): Buffer => {
    if (length > message.length - at) throw malformed();
    at += length;
    return message.subarray(at - length, at);
  };
  while (at < message.length) {
    const key = Number(readVarint());
    const kind = key & 7;
    const number = Math.floor(key / 8);
    if (kind === varint) yield [number, readVarint()];
    else if (kind === bytes) yield [number, take(Number(readVarint()))];
    else if (kind === fixed64) yield [number, take(8)];
    else if (kind === fixed32) yield [number, take(4)];
    else throw malformed();
  }
}

function encodeVarint(value: bigint): Buffer {
  const out: number[] = [];
  let left = BigInt.asUintN(64, value);
  while (left >= 0x80n) {
    out.push(Number(left & 0x7fn) | 0x80);
    left >>= 7n;
  }
  out.push(Number(left));
  return Buffer.from(out);
}

function malformed(): InvalidArgumentError {
  return new InvalidArgumentError("malformed protocol buffer");
}
