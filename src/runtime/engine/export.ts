import type { Readable } from "node:stream";
import { emitContainerEvent, type EngineContext } from "./context.ts";

/** `docker export`: the rootfs without its volumes. */
export async function exportContainer(context: EngineContext, ref: string): Promise<Readable> {
  const container = context.registry.get(ref);
  const tar = await context.snapshotter.contents(container.id);
  emitContainerEvent(context, container, "export");
  return tar;
}
