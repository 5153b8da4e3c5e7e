import type { NetworkInspect } from "../../api/types.ts";
import { defineCommand } from "../command.ts";
import { configuredFormat } from "../config-file.ts";
import { bool, filter, string } from "../flags/flags.ts";
import { TABLE_FORMAT_USAGE } from "../flags/flag-usage-texts.ts";
import { labelList } from "../format/label-list.ts";
import { goTime } from "../format/local-time.ts";
import { naturalOrder } from "../format/natural-order.ts";
import { truncateId } from "../format/truncate-id.ts";
import { writeList, type Listing } from "../format/write-list.ts";

/** `docker network ls` */
export const command = defineCommand({
  use: "[OPTIONS]",
  flags: {
    filter: filter('Provide filter values (e.g. "driver=bridge")', { short: "f" }),
    format: string(TABLE_FORMAT_USAGE),
    "no-trunc": bool("Do not truncate the output"),
    quiet: bool("Only display network IDs", { short: "q" }),
  },
  args: { min: 0, max: 0 },
  async run({ flags }, context) {
    const networks = await (await context.client()).listNetworks(flags.filter);
    const format = flags.format || (flags.quiet ? "" : configuredFormat(context.configFolder, "networksFormat"));
    const sorted = networks.toSorted((a, b) => naturalOrder(a.Name, b.Name));
    await writeList(context.stdout, networkListing(!flags["no-trunc"]), sorted, { format, quiet: flags.quiet });
    return 0;
  },
});

function networkListing(truncate: boolean): Listing<NetworkInspect> {
  return {
    type: "formatter.networkContext",
    quiet: "ID",
    columns: ["ID", "Name", "Driver", "Scope"],
    raw: "network_id: {{.ID}}\nname: {{.Name}}\ndriver: {{.Driver}}\nscope: {{.Scope}}\n",
    rawQuiet: "network_id: {{.ID}}",
    methods: ({ Labels }) => ({ Label: (key) => Labels?.[key as string] ?? "" }),
    fields: {
      ID: { header: "NETWORK ID", value: ({ Id }) => (truncate ? truncateId(Id) : Id) },
      Name: { header: "NAME", value: ({ Name }) => Name },
      Driver: { header: "DRIVER", value: ({ Driver }) => Driver },
      Scope: { header: "SCOPE", value: ({ Scope }) => Scope },
      IPv4: { header: "IPV4", value: ({ EnableIPv4 }) => String(EnableIPv4 ?? false) },
      IPv6: { header: "IPV6", value: ({ EnableIPv6 }) => String(EnableIPv6) },
      Internal: { header: "INTERNAL", value: ({ Internal }) => String(Internal) },
      Labels: { header: "LABELS", value: ({ Labels }) => labelList(Labels) },
      CreatedAt: { header: "CREATED AT", value: ({ Created }) => goTime(Created) },
    },
  };
}
