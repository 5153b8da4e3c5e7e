import { defineCommand } from "../command.ts";
import { bool, string } from "../flags/flags.ts";
import { TABLE_FORMAT_USAGE } from "../flags/flag-usage-texts.ts";
import { diskUsageDetails, diskUsageListing, diskUsageRows, type DiskUsage } from "../format/disk-usage.ts";
import { writeList } from "../format/write-list.ts";

/** `docker system df` */
export const command = defineCommand({
  use: "[OPTIONS]",
  flags: {
    format: string(TABLE_FORMAT_USAGE),
    verbose: bool("Show detailed information on space usage", { short: "v" }),
  },
  args: { min: 0, max: 0 },
  async run({ flags }, context) {
    const usage = (await (await context.client()).diskUsage()) as unknown as DiskUsage;
    if (flags.verbose && flags.format !== "" && flags.format !== "table") {
      const { diskUsageByTemplate } = await import("../format/disk-usage-template.ts");
      context.stdout.write(diskUsageByTemplate(usage, flags.format, Date.now()));
    } else if (flags.verbose) context.stdout.write(diskUsageDetails(usage, Date.now()));
    else await writeList(context.stdout, diskUsageListing, diskUsageRows(usage), { format: flags.format, quiet: false });
    return 0;
  },
});
