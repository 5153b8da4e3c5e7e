import type { ContainerSummary } from "../api/types.ts";
import { defineCommand } from "./command.ts";
import { blankContainer, containerListing } from "./format/container-listing.ts";
import { writeList, type Listing } from "./format/write-list.ts";
import { bool, filter, int, string } from "./flags/flags.ts";
import { TABLE_FORMAT_USAGE } from "./flags/flag-usage-texts.ts";
import { configuredFormat } from "./config-file.ts";

/** `docker ps`: running containers, or all. */
export const command = defineCommand({
  use: "[OPTIONS]",
  flags: {
    all: bool("Show all containers (default shows just running)", { short: "a" }),
    filter: filter("Filter output based on conditions provided", { short: "f" }),
    format: string(TABLE_FORMAT_USAGE),
    last: int("Show n last created containers (includes all states)", { short: "n", initial: -1 }),
    latest: bool("Show the latest created container (includes all states)", { short: "l" }),
    "no-trunc": bool("Don't truncate output"),
    quiet: bool("Only display container IDs", { short: "q" }),
    size: bool("Display total file sizes", { short: "s" }),
  },
  args: { min: 0, max: 0 },
  async run({ flags }, context) {
    const client = await context.client();
    const format = flags.format || configuredFormat(context.configFolder, "psFormat");
    const listing = containerListing({ truncate: !flags["no-trunc"], size: flags.size, now: Date.now() });
    const size = flags.size || (format !== "" && !flags.quiet && (await showsSize(listing, format)));
    const limit = flags.latest && flags.last === -1 ? 1 : flags.last;
    const containers = await client.listContainers({ all: flags.all, limit, size, filters: flags.filter });
    await writeList(context.stdout, listing, containers, { format, quiet: flags.quiet });
    return 0;
  },
});

/** Sizes take the engine time to count, so they are only asked for when they are shown. */
async function showsSize(listing: Listing<ContainerSummary>, format: string): Promise<boolean> {
  if (!format.includes("{{")) return false;
  const { fieldsUsed } = await import("./format/write-template-list.ts");
  return fieldsUsed(listing, blankContainer, format).has("Size");
}
