import { defineCommand } from "../command.ts";
import { bool, filter } from "../flags/flags.ts";
import { pruneImages } from "../prune.ts";
import { runPrune } from "../prune-command.ts";

/** `docker image prune` */
export const command = defineCommand({
  use: "[OPTIONS]",
  flags: {
    all: bool("Remove all unused images, not just dangling ones", { short: "a" }),
    filter: filter('Provide filter values (e.g. "until=<timestamp>")'),
    force: bool("Do not prompt for confirmation", { short: "f" }),
  },
  args: { min: 0, max: 0 },
  run({ flags }, context) {
    const warning = flags.all
      ? "This will remove all images without at least one container associated to them."
      : "This will remove all dangling images.";
    const options = { force: flags.force, warning, space: true, filters: flags.filter };
    return runPrune(options, (client, filters) => pruneImages(client, filters, flags.all), context);
  },
});
