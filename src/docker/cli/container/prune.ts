import { defineCommand } from "../command.ts";
import { bool, filter } from "../flags/flags.ts";
import { pruneContainers } from "../prune.ts";
import { runPrune } from "../prune-command.ts";

/** `docker container prune` */
export const command = defineCommand({
  use: "[OPTIONS]",
  flags: {
    filter: filter('Provide filter values (e.g. "until=<timestamp>")'),
    force: bool("Do not prompt for confirmation", { short: "f" }),
  },
  args: { min: 0, max: 0 },
  run({ flags }, context) {
    const warning = "This will remove all stopped containers.";
    return runPrune({ force: flags.force, warning, space: true, filters: flags.filter }, pruneContainers, context);
  },
});
