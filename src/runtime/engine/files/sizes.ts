import type { ContainerRecord } from "../../containers/container.ts";
import type { EngineContext } from "../context.ts";

/** Bytes that the container has written, and these with its image's. */
export async function sizesOf(context: EngineContext, record: ContainerRecord): Promise<{ SizeRw: number; SizeRootFs: number }> {
  const [written, image] = await Promise.all([context.snapshotter.usage(record.id), context.images.find(record.imageId)]);
  return { SizeRw: written, SizeRootFs: written + (image?.size ?? 0) };
}
