import { ConflictError, InvalidArgumentError, SlipwayError } from "../../base/errors.ts";
import { parseContainerName } from "../containers/names.ts";
import { emitContainerEvent, setState, type EngineContext } from "./context.ts";

/** `docker rename`. */
export async function renameContainer(context: EngineContext, ref: string, newName: string): Promise<void> {
  if (ref === "" || newName === "") throw new InvalidArgumentError("Neither old nor new names may be empty");
  const container = context.registry.get(ref);
  await container.serial.run(async () => {
    const oldName = container.record.name;
    if (newName.replace(/^\//, "") === oldName) {
      throw new InvalidArgumentError("Renaming a container with the same name as its current name");
    }
    const name = allocate(context, newName, container.id);
    try {
      await setState(context, container, { name }, { durable: true });
    } catch (error) {
      context.registry.release(name, container.id);
      throw error;
    }
    context.registry.release(oldName, container.id);
    context.networks.rename(container.id, name);
    emitContainerEvent(context, container, "rename", { oldName: `/${oldName}` });
  });
}

function allocate(context: EngineContext, newName: string, id: string): string {
  const prefix = "Error when allocating new name: ";
  try {
    const name = parseContainerName(newName.startsWith("/") ? newName : `/${newName}`);
    context.registry.reserve(name, id);
    return name;
  } catch (error) {
    if (!(error instanceof SlipwayError)) throw error;
    const message = prefix + error.message;
    throw error instanceof ConflictError ? new ConflictError(message) : new InvalidArgumentError(message);
  }
}
