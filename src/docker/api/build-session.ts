import { decodeProtobuf, encodeProtobuf } from "../../base/protobuf.ts";

/** Headers by which a client says what its end of `POST /session` serves. */
export const sessionHeaders = {
  uuid: "x-docker-expose-session-uuid",
  name: "x-docker-expose-session-name",
  sharedKey: "x-docker-expose-session-sharedkey",
  method: "x-docker-expose-session-grpc-method",
} as const;

/** BuildKit's service for `RUN --mount=type=secret` (session/secrets/secrets.proto). */
export const getSecretMethod = "/moby.buildkit.secrets.v1.Secrets/GetSecret";

/** What a daemon asks now and then (grpc.health.v1). */
export const healthMethod = "/grpc.health.v1.Health/Check";

/** gRPC's status codes that occur here. */
export const grpcStatus = { ok: 0, notFound: 5, unimplemented: 12 } as const;

/** A message of gRPC: a byte that says that it is not compressed, four of length, and itself. */
export function grpcFrame(message: Buffer): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt32BE(message.length, 1);
  return Buffer.concat([head, message]);
}

/** The message in a body that has one, or an empty one. */
export function grpcMessage(body: Buffer): Buffer {
  return body.length < 5 ? Buffer.alloc(0) : body.subarray(5, 5 + body.readUInt32BE(1));
}

/** Secrets and their names are field 1 of their messages. */
export function encodeField(value: string | Buffer): Buffer {
  return encodeProtobuf(value.length === 0 ? [] : [[1, value]]);
}

/** @throws InvalidArgumentError when it is no message. */
export function decodeField(message: Buffer): Buffer {
  for (const [number, value] of decodeProtobuf(message)) if (number === 1 && typeof value !== "bigint") return value;
  return Buffer.alloc(0);
}
