import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { utimes } from "node:fs/promises";
import { join, posix } from "node:path";
import { pipeline } from "node:stream/promises";
import { InvalidArgumentError, messageOf } from "../../base/errors.ts";
import { parseDigest } from "../../oci/digest.ts";
import { discard, send, statusLine } from "../images/registry/http.ts";

/** A file that ADD read from the network. */
export interface Download {
  /** What the last part of the address calls it; empty when the address ends in a `/`. */
  readonly name: string;
  readonly path: string;
}

/** Whether a source of ADD is an address rather than a path. */
export function isAddress(source: string): boolean {
  return /^(?:https?|ftp):\/\//.test(source);
}

/**
 * Reads an address into `folder`, as far as the engine's own network reaches; its time is the one that the server says.
 * @throws InvalidArgumentError when it cannot be read, or is not what `checksum` (`sha256:…`, empty for none) says.
 */
export async function download(
  address: string,
  options: { readonly folder: string; readonly checksum: string; readonly limit: number; readonly signal: AbortSignal },
): Promise<Download> {
  const { folder, checksum, limit, signal } = options;
  if (!/^https?:\/\//.test(address) || !URL.canParse(address))
    throw new InvalidArgumentError(`cannot add ${address}: only http and https are supported`);
  const url = new URL(address);
  const wanted = checksum === "" ? null : parseDigest(checksum);
  if (wanted !== null && !wanted.startsWith("sha256:"))
    throw new InvalidArgumentError(`unsupported digest algorithm in --checksum=${checksum}`);
  const answer = await send({ method: "GET", url, signal }).catch((error: unknown) => {
    signal.throwIfAborted();
    throw new InvalidArgumentError(`failed to load ${address}: ${messageOf(error)}`, { cause: error });
  });
  if (answer.status < 200 || answer.status >= 300) {
    discard(answer);
    throw new InvalidArgumentError(`failed to load ${address}: invalid response status ${statusLine(answer)}`);
  }
  const path = join(folder, "content");
  const hash = createHash("sha256");
  let size = 0;
  const counted = async function* (source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const chunk of source) {
      size += chunk.length;
      if (size > limit) throw new InvalidArgumentError(`failed to load ${address}: more than ${limit} bytes`);
      hash.update(chunk);
      yield chunk;
    }
  };
  try {
    await pipeline(answer.body, counted, createWriteStream(path, { mode: 0o600 }), { signal });
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof InvalidArgumentError) throw error;
    throw new InvalidArgumentError(`failed to load ${address}: ${messageOf(error)}`, { cause: error });
  }
  const digest = `sha256:${hash.digest("hex")}`;
  if (wanted !== null && digest !== wanted) throw new InvalidArgumentError(`digest mismatch ${digest}: ${checksum}`);
  const modified = Date.parse(answer.headers["last-modified"] ?? "");
  await utimes(path, 0, Number.isNaN(modified) ? 0 : modified / 1000);
  return { name: decodedName(url.pathname), path };
}

function decodedName(pathname: string): string {
  const last = pathname.endsWith("/") ? "" : posix.basename(pathname);
  try {
    const decoded = decodeURIComponent(last);
    return decoded.includes("/") || decoded === "." || decoded === ".." ? "" : decoded;
  } catch {
    return last;
  }
}
