import type { FilesystemChange } from "../../docker/api/types.ts";
import type { EngineContext } from "./context.ts";

const kinds = { changed: 0, added: 1, deleted: 2 } as const;

/** `docker diff`. */
export async function containerChanges(context: EngineContext, ref: string): Promise<readonly FilesystemChange[]> {
  const container = context.registry.get(ref);
  return (await context.snapshotter.changes(container.id)).map(({ path, kind }) => ({ Path: path, Kind: kinds[kind] }));
}
