import type { Readable } from "node:stream";
import { messageOf, NotFoundError } from "../../base/errors.ts";
import type { MessageStream, UnixClient } from "../../docker/client/unix-client.ts";
import { TargetError } from "./target.ts";

/** Makes the images that we bring along, such as `busybox:latest`, as a docker-archive tar; null for one that is not ours. */
export type ImageSource = (image: string, signal: AbortSignal) => Promise<Readable | null>;

/** `busybox` → `busybox:latest`; names with a tag or a digest stay. */
export function withTag(image: string): string {
  const last = image.slice(image.lastIndexOf("/") + 1);
  return last.includes(":") || last.includes("@") ? image : `${image}:latest`;
}

/**
 * Sees to it that the engine has each of these images: there already, or loaded from `source`, or pulled.
 * Throws TargetError naming the image that cannot be had.
 */
export async function provideImages(
  client: UnixClient,
  images: readonly string[],
  source: ImageSource,
  signal: AbortSignal,
): Promise<void> {
  for (const image of images) {
    try {
      if (await has(client, image)) continue;
      const tar = await source(withTag(image), signal);
      await finished(tar === null ? await pull(client, image, signal) : await client.loadImages(tar, { quiet: true }, signal));
    } catch (error) {
      signal.throwIfAborted();
      throw new TargetError(`cannot provide the image ${image}: ${messageOf(error)}`, { cause: error });
    }
  }
}

async function has(client: UnixClient, image: string): Promise<boolean> {
  try {
    await client.inspectImage(image);
    return true;
  } catch (error) {
    if (error instanceof NotFoundError) return false;
    throw error;
  }
}

function pull(client: UnixClient, image: string, signal: AbortSignal): Promise<MessageStream> {
  const full = withTag(image);
  const at = full.includes("@") ? full.indexOf("@") : full.lastIndexOf(":");
  return client.pullImage({ image: full.slice(0, at), tag: full.slice(at + 1) }, signal);
}

async function finished(messages: MessageStream): Promise<void> {
  for await (const { error } of messages) if (error !== undefined) throw new Error(error);
}
