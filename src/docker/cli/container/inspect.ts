import { defineCommand } from "../command.ts";
import { bool, string } from "../flags/flags.ts";
import { FORMAT_USAGE } from "../flags/flag-usage-texts.ts";
import { inspectObjects } from "../inspect-objects.ts";
import { inspectKind } from "../inspectors.ts";

/** `docker container inspect` */
export const command = defineCommand({
  use: "[OPTIONS] CONTAINER [CONTAINER...]",
  flags: {
    format: string(FORMAT_USAGE, { short: "f" }),
    size: bool("Display total file sizes", { short: "s" }),
  },
  args: { min: 1 },
  completes: ["containers"],
  async run({ flags, args }, context) {
    const client = await context.client();
    return inspectObjects(args, flags.format, (name) => inspectKind("container", client, name, flags.size), context);
  },
});
