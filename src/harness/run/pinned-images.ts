import { NotFoundError } from "../../base/errors.ts";
import type { UnixClient } from "../../docker/client/unix-client.ts";
import { withTag } from "../targets/provide-images.ts";

/** The images that an author gave to a scenario, as they were before its first step. */
export interface PinnedImages {
  /** Gives each name back to its image when it was given to another. One that is gone stays gone: removing images is taught too. */
  restore(signal: AbortSignal): Promise<void>;
}

type Client = Pick<UnixClient, "inspectImage" | "tagImage" | "removeImage">;

/** Remembers which image each of these names is of, so that no submission puts its own in place of one that later steps run. */
export async function pinImages(client: Client, names: readonly string[], signal: AbortSignal): Promise<PinnedImages> {
  const pinned = new Map<string, string>();
  for (const name of names.map(withTag)) {
    if (!name.includes("@")) pinned.set(name, (await client.inspectImage(name)).Id);
    signal.throwIfAborted();
  }
  return {
    restore: async (stop) => {
      for (const [name, id] of pinned) {
        const current = await idOf(client, name);
        stop.throwIfAborted();
        if (current === null || current === id) continue;
        const at = name.lastIndexOf(":");
        try {
          await client.tagImage(id, { repo: name.slice(0, at), tag: name.slice(at + 1) });
        } catch (error) {
          if (!(error instanceof NotFoundError)) throw error;
          await client.removeImage(name, { force: true, noPrune: true });
        }
      }
    },
  };
}

async function idOf(client: Client, name: string): Promise<string | null> {
  try {
    return (await client.inspectImage(name)).Id;
  } catch (error) {
    if (error instanceof NotFoundError) return null;
    throw error;
  }
}
