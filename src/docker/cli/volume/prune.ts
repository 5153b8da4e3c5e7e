import { StatusError } from "../cli-errors.ts";
import { defineCommand } from "../command.ts";
import { bool, filter } from "../flags/flags.ts";
import { keepsNamedVolumes, pruneVolumes } from "../prune.ts";
import { runPrune } from "../prune-command.ts";

/** `docker volume prune`: volumes without a name of their own, or all. */
export const command = defineCommand({
  use: "[OPTIONS]",
  flags: {
    all: bool("Remove all unused volumes, not just anonymous ones", { short: "a" }),
    filter: filter('Provide filter values (e.g. "label=<label>")'),
    force: bool("Do not prompt for confirmation", { short: "f" }),
  },
  args: { min: 0, max: 0 },
  async run({ flags }, context) {
    const named = flags.all || !(await keepsNamedVolumes(await context.client()));
    if (flags.all && flags.filter["all"]) throw new StatusError("conflicting options: cannot specify both --all and --filter all=1");
    const warning = `This will remove ${named ? "all" : "anonymous"} local volumes not used by at least one container.`;
    const options = { force: flags.force, warning, space: true, filters: flags.filter };
    return runPrune(options, (client, filters) => pruneVolumes(client, filters, flags.all), context);
  },
});
