import type { JsonMessage } from "../../docker/api/types.ts";

/** Resolves when the reader took the message. */
export type Emit = (message: JsonMessage) => Promise<void>;

/**
 * What `work` emits, as it emits it. The reader sets the pace; when it leaves, the signal that `work` has is aborted, and leaving takes
 * until `work` is over.
 */
export async function* messagesOf(
  work: (emit: Emit, signal: AbortSignal) => Promise<void>,
  signal: AbortSignal,
): AsyncGenerator<JsonMessage, void> {
  const left = new AbortController();
  const either = AbortSignal.any([signal, left.signal]);
  const waiting: { readonly message: JsonMessage; readonly taken: () => void }[] = [];
  let wake = (): void => {};
  let isOver = false;
  const drop = (): void => {
    for (const { taken } of waiting.splice(0)) taken();
  };
  either.addEventListener("abort", drop, { once: true });
  const emit: Emit = async (message) => {
    if (either.aborted) return;
    await new Promise<void>((taken) => {
      waiting.push({ message, taken });
      wake();
    });
  };
  const over = work(emit, either).finally(() => {
    isOver = true;
    wake();
  });
  over.catch(() => undefined);
  try {
    for (;;) {
      for (let next = waiting.shift(); next; next = waiting.shift()) {
        next.taken();
        yield next.message;
      }
      if (isOver) break;
      await new Promise<void>((resolve) => (wake = resolve));
    }
    await over;
  } finally {
    left.abort();
    await over.catch(() => undefined);
  }
}
