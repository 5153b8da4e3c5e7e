import { defineCommand } from "../command.ts";
import { bool, string } from "../flags/flags.ts";
import { FORMAT_USAGE } from "../flags/flag-usage-texts.ts";
import { inspectObjects } from "../inspect-objects.ts";
import { inspectKind } from "../inspectors.ts";

/** `docker network inspect` */
export const command = defineCommand({
  use: "[OPTIONS] NETWORK [NETWORK...]",
  flags: {
    format: string(FORMAT_USAGE, { short: "f" }),
    verbose: bool("Verbose output for diagnostics", { short: "v" }),
  },
  args: { min: 1 },
  completes: ["networks"],
  async run({ flags, args }, context) {
    const client = await context.client();
    return inspectObjects(args, flags.format, (name) => inspectKind("network", client, name), context);
  },
});
