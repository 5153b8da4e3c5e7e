import type { VolumeInspect } from "../../api/types.ts";
import { defineCommand } from "../command.ts";
import { configuredFormat } from "../config-file.ts";
import { bool, filter, string } from "../flags.ts";
import { TABLE_FORMAT_USAGE } from "../flag-usage-texts.ts";
import { labelList } from "../format/label-list.ts";
import { naturalOrder } from "../format/natural-order.ts";
import { writeList, type Listing } from "../format/write-list.ts";

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

const volumeListing: Listing<VolumeInspect> = {
  type: "formatter.volumeContext",
  quiet: "Name",
  columns: ["Driver", "Name"],
  raw: "name: {{.Name}}\ndriver: {{.Driver}}\n",
  rawQuiet: "name: {{.Name}}",
  methods: ({ Labels }) => ({ Label: (key) => Labels?.[key as string] ?? "" }),
  fields: {
    Driver: { header: "DRIVER", value: ({ Driver }) => Driver },
    Name: { header: "VOLUME NAME", value: ({ Name }) => Name },
    Scope: { header: "SCOPE", value: ({ Scope }) => Scope },
    Mountpoint: { header: "MOUNTPOINT", value: ({ Mountpoint }) => Mountpoint },
    Labels: { header: "LABELS", value: ({ Labels }) => labelList(Labels) },
    Links: { header: "LINKS", value: () => "N/A" },
    Size: { header: "SIZE", value: () => "N/A" },
    // Only volumes of a cluster have these.
    Availability: { header: "AVAILABILITY", value: () => "N/A" },
    Group: { header: "GROUP", value: () => "N/A" },
    Status: { header: "STATUS", value: () => "N/A" },
  },
};
