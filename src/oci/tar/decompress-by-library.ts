import { ReadableStream } from "node:stream/web";

/** Pieces that a library hands out while it is given more. */
type Pushed = { readonly pieces: Uint8Array[]; failure: Error | null };

/** Zstandard by `fzstd`. Throws the library's errors. */
export async function* unzstd(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  const { Decompress } = await import("fzstd");
  const pieces: Uint8Array[] = [];
  let isWhole = false;
  const stream = new Decompress((piece, final) => {
    pieces.push(piece);
    isWhole = final === true;
  });
  for await (const chunk of source) {
    stream.push(chunk);
    yield* pieces.splice(0);
  }
  stream.push(new Uint8Array(0), true);
  yield* pieces.splice(0);
  if (!isWhole) throw new Error("unexpected EOF");
}

/** bzip2 by `unbzip2-stream`, which hands out a block's content as soon as it has the block. Throws the library's errors. */
export async function* unbzip2(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  const { default: unbzip2Stream } = await import("unbzip2-stream");
  const pushed: Pushed = { pieces: [], failure: null };
  const stream = unbzip2Stream() as unknown as NodeJS.ReadWriteStream;
  stream.on("data", (piece: Uint8Array) => pushed.pieces.push(piece));
  stream.on("error", (error: unknown) => (pushed.failure ??= error instanceof Error ? error : new Error(String(error))));
  const taken = function* (): Generator<Uint8Array, void> {
    if (pushed.failure) throw pushed.failure;
    yield* pushed.pieces.splice(0);
  };
  for await (const chunk of source) {
    stream.write(chunk);
    yield* taken();
  }
  stream.end();
  yield* taken();
}

/** xz by `xz-decompress`, which is liblzma in WebAssembly. Throws the library's errors. */
export async function* unxz(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  const { default: xz } = await import("xz-decompress");
  const iterator = source[Symbol.asyncIterator]();
  const input = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const next = await iterator.next();
      if (next.done) controller.close();
      else controller.enqueue(next.value);
    },
    async cancel() {
      await iterator.return?.();
    },
  });
  const stream = new xz.XzReadableStream(input);
  yield* stream as unknown as AsyncIterable<Uint8Array>;
}
