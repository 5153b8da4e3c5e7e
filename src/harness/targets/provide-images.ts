import type { Readable } from "node:stream";
import { messageOf } from "../../base/errors.ts";
import { type EngineApi, EngineApiError } from "./engine-api.ts";
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
export async function provideImages(api: EngineApi, images: readonly string[], source: ImageSource, signal: AbortSignal): Promise<void> {
  for (const image of images) {
    try {
      if (await has(api, image, signal)) continue;
      const tar = await source(withTag(image), signal);
      if (tar === null) await pull(api, image, signal);
      else await api.post("/images/load?quiet=1", tar, signal);
    } catch (error) {
      signal.throwIfAborted();
      throw new TargetError(`cannot provide the image ${image}: ${messageOf(error)}`, { cause: error });
    }
  }
}

async function has(api: EngineApi, image: string, signal: AbortSignal): Promise<boolean> {
  try {
    await api.get(`/images/${encodeURIComponent(image)}/json`, signal);
    return true;
  } catch (error) {
    if (error instanceof EngineApiError && error.status === 404) return false;
    throw error;
  }
}

async function pull(api: EngineApi, image: string, signal: AbortSignal): Promise<void> {
  const full = withTag(image);
  const at = full.includes("@") ? full.indexOf("@") : full.lastIndexOf(":");
  const query = new URLSearchParams({ fromImage: full.slice(0, at), tag: full.slice(at + 1) });
  await api.post(`/images/create?${query.toString()}`, null, signal);
}
