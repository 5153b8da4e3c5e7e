import { Writable } from "node:stream";

/** Writes to `target` as frames of Docker's multiplexed stream: `[stream, 0, 0, 0, size as big-endian uint32]` and the bytes. */
export function frameWriter(target: Writable, stream: "stdout" | "stderr"): Writable {
  return new Writable({
    write(chunk: Buffer, _encoding, done) {
      const frame = Buffer.allocUnsafe(8 + chunk.length);
      frame.writeUInt32BE(stream === "stdout" ? 0x01000000 : 0x02000000, 0);
      frame.writeUInt32BE(chunk.length, 4);
      chunk.copy(frame, 8);
      target.write(frame, done);
    },
  });
}

/** Writes to `target` as it is, and can be ended without ending `target`. */
export function rawWriter(target: Writable): Writable {
  return new Writable({
    write(chunk: Buffer, _encoding, done) {
      target.write(chunk, done);
    },
  });
}
