import { defineCommand } from "../command.ts";
import { configuredFormat } from "../config-file.ts";
import { bool, filter, string } from "../flags/flags.ts";
import { TABLE_FORMAT_USAGE } from "../flags/flag-usage-texts.ts";
import { naturalOrder } from "../format/natural-order.ts";
import { volumeListing } from "../format/volume-listing.ts";
import { writeList } from "../format/write-list.ts";

/** `docker volume ls` */
export const command = defineCommand({
  use: "[OPTIONS]",
  flags: {
    filter: filter('Provide filter values (e.g. "dangling=true")', { short: "f" }),
    format: string(TABLE_FORMAT_USAGE),
    quiet: bool("Only display volume names", { short: "q" }),
  },
  args: { min: 0, max: 0 },
  async run({ flags }, context) {
    const { Volumes } = await (await context.client()).listVolumes(flags.filter);
    const format = flags.format || (flags.quiet ? "" : configuredFormat(context.configFolder, "volumesFormat"));
    const sorted = (Volumes ?? []).toSorted((a, b) => naturalOrder(a.Name, b.Name));
    await writeList(context.stdout, volumeListing, sorted, { format, quiet: flags.quiet });
    return 0;
  },
});
