import { NotFoundError } from "../../base/errors.ts";
import type { UnixClient } from "../client/unix-client.ts";
import { StatusError } from "./cli-errors.ts";
import { defineCommand, type CommandContext } from "./command.ts";
import { bool, string } from "./flags.ts";
import { FORMAT_USAGE } from "./flag-usage-texts.ts";
import { inspectObjects, type Inspected } from "./inspect-objects.ts";
import { inspectKind, inspectors, type ObjectKind } from "./inspectors.ts";

/** `docker inspect`: whatever has that name: a container, else an image, a network, a volume. */
export const command = defineCommand({
  use: "[OPTIONS] NAME|ID [NAME|ID...]",
  flags: {
    format: string(FORMAT_USAGE, { short: "f" }),
    size: bool("Display total file sizes if the type is container", { short: "s" }),
    type: string("Only inspect objects of the given type"),
  },
  args: { min: 1 },
  completes: ["containers"],
  async run({ flags, args, given }, context) {
    const { type, size } = flags;
    if ((given.has("type") && type === "") || (type !== "" && !Object.hasOwn(inspectors, type))) {
      throw new StatusError(`unknown type: ${JSON.stringify(type)}: must be one of "container", "image", "network", "volume"`);
    }
    const client = await context.client();
    const look = (name: string): Promise<Inspected> =>
      type === "" ? inspectAny(client, name, size, context) : inspectKind(type as ObjectKind, client, name, size);
    return inspectObjects(args, flags.format, look, context);
  },
});

async function inspectAny(client: UnixClient, name: string, size: boolean, context: CommandContext): Promise<Inspected> {
  for (const [kind, look] of Object.entries(inspectors)) {
    try {
      const found = await look(client, name, size);
      if (size && kind !== "container") context.stderr.write(`WARNING: --size ignored for ${kind}\n`);
      return found;
    } catch (error) {
      if (!(error instanceof NotFoundError)) throw error;
    }
  }
  throw new StatusError(`Error: No such object: ${name}`);
}
