import { ConflictError } from "../../base/errors.ts";
import { emitContainerEvent, type EngineContext } from "./context.ts";

/** `POST /containers/{id}/resize`. @throws ConflictError when it does not run. */
export function resizeContainer(context: EngineContext, ref: string, size: { readonly height: number; readonly width: number }): void {
  const container = context.registry.get(ref);
  if (!container.run) throw new ConflictError(`Container ${container.id} is not running`);
  container.run.process.resize(size);
  emitContainerEvent(context, container, "resize", { height: String(size.height), width: String(size.width) });
}
