/**
 * The bytes of `source` in pieces of `size` or more, the last one apart: each piece of a stream costs every hand it goes through, and a thread's
 * turn where one writes it. The first piece comes at once, so that what is wrong from its beginning need not be read further.
 */
export async function* gathered(source: AsyncIterable<Uint8Array>, size: number): AsyncGenerator<Buffer, void> {
  let parts: Uint8Array[] = [];
  let length = 0;
  let wanted = 1;
  for await (const chunk of source) {
    parts.push(chunk);
    length += chunk.length;
    if (length < wanted) continue;
    yield whole(parts, length);
    parts = [];
    length = 0;
    wanted = size;
  }
  if (length > 0) yield whole(parts, length);
}

function whole(parts: readonly Uint8Array[], length: number): Buffer {
  const [only] = parts;
  if (parts.length === 1 && only) return Buffer.from(only.buffer, only.byteOffset, only.byteLength);
  return Buffer.concat(parts, length);
}
