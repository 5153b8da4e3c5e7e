import { defineCommand } from "../command.ts";
import { string } from "../flags/flags.ts";
import { FORMAT_USAGE } from "../flags/flag-usage-texts.ts";
import { inspectObjects } from "../inspect-objects.ts";
import { inspectKind } from "../inspectors.ts";

/** `docker image inspect` */
export const command = defineCommand({
  use: "[OPTIONS] IMAGE [IMAGE...]",
  flags: { format: string(FORMAT_USAGE, { short: "f" }) },
  args: { min: 1 },
  completes: ["images"],
  async run({ flags, args }, context) {
    const client = await context.client();
    return inspectObjects(args, flags.format, (name) => inspectKind("image", client, name), context);
  },
});
