import { closeSync } from "node:fs";
import { finished, type Readable } from "node:stream";
import { isAlive } from "../containers/state.ts";
import { openRoot } from "../kernel/thread-root.ts";
import { tarOfDirectory } from "../snapshots/tar-of-directory.ts";
import { emitContainerEvent, type EngineContext } from "./context.ts";

/** `docker export`: the rootfs without its volumes. */
export async function exportContainer(context: EngineContext, ref: string): Promise<Readable> {
  const container = context.registry.get(ref);
  const tar = isAlive(container.state) ? await liveContents(context, container.id) : await context.snapshotter.contents(container.id);
  emitContainerEvent(context, container, "export");
  return tar;
}

/** One that runs may make a folder a link while we are in it: from its own root that leads nowhere else. */
async function liveContents({ kernel, rootfs }: EngineContext, id: string): Promise<Readable> {
  const mounted = await rootfs.acquire(id);
  try {
    const root = openRoot(mounted.path);
    const tar = tarOfDirectory("/", { kernel, root });
    finished(tar, () => {
      closeSync(root);
      void mounted.release();
    });
    return tar;
  } catch (error) {
    await mounted.release();
    throw error;
  }
}
