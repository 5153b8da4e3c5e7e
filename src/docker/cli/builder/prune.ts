import { defineCommand } from "../command.ts";
import { confirm } from "../confirm.ts";
import { bool, bytes, filter } from "../flags/flags.ts";
import { humanSize } from "../format/human-units.ts";

/** `docker builder prune`: what builds kept for those after them. */
export const command = defineCommand({
  use: "",
  flags: {
    all: bool("Remove all unused build cache, not just dangling ones", { short: "a" }),
    filter: filter('Provide filter values (e.g. "until=24h")'),
    force: bool("Do not prompt for confirmation", { short: "f" }),
    "keep-storage": bytes("Amount of disk space to keep for cache"),
  },
  args: { min: 0, max: 0 },
  async run({ flags }, context) {
    const what = flags.all ? "all build cache" : "all dangling build cache";
    if (!flags.force && !(await confirm(`WARNING! This will remove ${what}. Are you sure you want to continue?`, context))) return 0;
    const client = await context.client();
    const options = { all: flags.all, filters: flags.filter, keep: flags["keep-storage"] ?? 0 };
    const { SpaceReclaimed, CachesDeleted } = await client.pruneBuildCache(options, context.signal);
    const deleted = CachesDeleted?.length ? `Deleted build cache objects:\n${CachesDeleted.join("\n")}\n\n` : "";
    context.stdout.write(`${deleted}Total reclaimed space: ${humanSize(SpaceReclaimed)}\n`);
    return 0;
  },
});
