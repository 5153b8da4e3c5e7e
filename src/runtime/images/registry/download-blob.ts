import { InternalError } from "../../../base/errors.ts";
import type { Descriptor } from "../../../oci/manifest.ts";
import type { TransferWatch } from "../registry-client.ts";
import { Backoff } from "./backoff.ts";
import { discard, type HttpAnswer } from "./http.ts";
import { registryError } from "./registry-error.ts";

/**
 * The bytes of a blob. A connection that breaks is made anew from where it broke (`Range`); a registry that knows no ranges sends what we
 * have once more, which is skipped. Never gives more than `descriptor.size` bytes.
 */
export async function* downloadBlob(
  fetch: (headers: Readonly<Record<string, string>>) => Promise<HttpAnswer>,
  { digest, size }: Descriptor,
  signal: AbortSignal,
  { onBytes, onRetry }: TransferWatch = {},
): AsyncGenerator<Buffer, void> {
  const backoff = new Backoff(signal);
  let got = 0;
  while (got < size) {
    try {
      const answer = await fetch(got === 0 ? {} : { range: `bytes=${got}-` });
      try {
        let skip = await startOf(answer, got);
        for await (const chunk of answer.body as AsyncIterable<Buffer>) {
          const fresh = chunk.subarray(Math.min(skip, chunk.length));
          skip -= chunk.length - fresh.length;
          if (fresh.length === 0) continue;
          if (got + fresh.length > size) throw new TooLong(`filesystem layer verification failed for digest ${digest}`);
          got += fresh.length;
          backoff.reset();
          onBytes?.(got);
          yield fresh;
        }
      } finally {
        discard(answer);
      }
      if (got < size) throw new InternalError("unexpected EOF");
    } catch (error) {
      if (error instanceof TooLong) throw error;
      await backoff.wait(error, onRetry);
    }
  }
}

class TooLong extends InternalError {}

/** How many bytes of the answer we have already. */
async function startOf(answer: HttpAnswer, got: number): Promise<number> {
  if (answer.status === 200) return got;
  if (answer.status !== 206) throw await registryError(answer);
  const start = /^bytes (\d+)-/.exec(answer.headers["content-range"] ?? "")?.[1];
  if (Number(start) !== got) throw new InternalError(`the registry answers with another range than the one from byte ${got}`);
  return 0;
}
