import { NotFoundError } from "../../base/errors.ts";
import type { UnixClient } from "../client/unix-client.ts";
import { StatusError } from "./cli-errors.ts";
import { defineCommand, type CommandContext } from "./command.ts";
import { bool, string } from "./flags/flags.ts";
import { FORMAT_USAGE } from "./flags/flag-usage-texts.ts";
import { inspectObjects, type Inspected } from "./inspect-objects.ts";
import { inspectKind, inspectors, type ObjectKind } from "./inspectors.ts";

/** As docker lists them, those of swarms too, of which there is none here. */
const TYPES = '"config", "container", "image", "network", "node", "plugin", "secret", "service", "task", "volume"';

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
      throw new StatusError(`unknown type: ${JSON.stringify(type)}: must be one of ${TYPES}`);
    }
    const client = await context.client();
    const look = async (name: string): Promise<Inspected> => {
      if (type === "") return inspectAny(client, name, size, context);
      const found = await inspectKind(type as ObjectKind, client, name, size);
      if (size && type !== "container") context.stderr.write(`WARNING: --size ignored for ${type}\n`);
      return found;
    };
    return inspectObjects(args, flags.format, look, context);
  },
});

async function inspectAny(client: UnixClient, name: string, size: boolean, context: CommandContext): Promise<Inspected> {
  if (name === "") throw new StatusError("invalid container name or ID: value is empty");
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
