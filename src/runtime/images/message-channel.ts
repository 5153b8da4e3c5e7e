/** What several at once send and one reads, in order; one that nobody reads keeps at most what was sent. */
class MessageChannel<T> implements AsyncIterable<T> {
  readonly #waiting: T[] = [];
  #end: { readonly error: unknown } | null = null;
  #wake: () => void = () => {};

  send(message: T): void {
    this.#waiting.push(message);
    this.#wake();
  }

  /** Nothing more comes; the reader gets `error` thrown after what was sent, unless it is null. */
  end(error: unknown = null): void {
    this.#end ??= { error };
    this.#wake();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T, void> {
    for (;;) {
      for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) yield next;
      if (this.#end) {
        if (this.#end.error !== null) throw this.#end.error;
        return;
      }
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }
}

/**
 * Works on `items`, at most `width` at a time, and gives what `work` sends meanwhile. The first failure ends all and is thrown; so does a
 * reader that leaves. When this is over nothing is being worked on any more.
 */
export async function* inParallel<I, T>(
  items: readonly I[],
  width: number,
  abort: AbortController,
  work: (item: I, send: (message: T) => void) => Promise<void>,
): AsyncGenerator<T, void> {
  const channel = new MessageChannel<T>();
  const rest = [...items];
  const worker = async (): Promise<void> => {
    for (let item = rest.shift(); item !== undefined; item = rest.shift()) {
      await work(item, (message) => channel.send(message));
    }
  };
  const workers = Array.from({ length: width }, async () => {
    try {
      await worker();
    } catch (error) {
      channel.end(error);
      rest.length = 0;
      abort.abort();
    }
  });
  let isDone = false;
  const all = Promise.all(workers).then(() => {
    isDone = true;
    channel.end();
  });
  try {
    yield* channel;
  } finally {
    rest.length = 0;
    // Who leaves before the end wants no more of it.
    if (!isDone) abort.abort();
    await all;
  }
}
