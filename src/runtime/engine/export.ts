import { finished, type Readable } from "node:stream";
import { tarOfDirectory } from "../snapshots/tar-of-directory.ts";
import { emitContainerEvent, type EngineContext } from "./context.ts";

/** `docker export`: the rootfs without its volumes; mounted for as long as the tar is read. */
export async function exportContainer(context: EngineContext, ref: string): Promise<Readable> {
  const container = context.registry.get(ref);
  const rootfs = await context.rootfs.acquire(container.id);
  const tar = tarOfDirectory(rootfs.path, { kernel: context.kernel });
  finished(tar, () => void rootfs.release());
  emitContainerEvent(context, container, "export");
  return tar;
}
