import { defineCommand } from "../command.ts";
import { TABLE_FORMAT_USAGE } from "../flags/flag-usage-texts.ts";
import { bool, filter, string } from "../flags/flags.ts";
import { ellipsis } from "../format/ellipsis.ts";
import { naturalOrder } from "../format/natural-order.ts";
import { truncateId } from "../format/truncate-id.ts";
import { writeList, type Listing } from "../format/write-list.ts";

/** What of a plugin is listed; there are more fields. */
interface Plugin {
  readonly Id?: string;
  readonly Name: string;
  readonly Enabled: boolean;
  readonly PluginReference?: string;
  readonly Config: { readonly Description: string };
}

/** `docker plugin ls` */
export const command = defineCommand({
  use: "[OPTIONS]",
  flags: {
    filter: filter('Provide filter values (e.g. "enabled=true")', { short: "f" }),
    format: string(TABLE_FORMAT_USAGE),
    "no-trunc": bool("Don't truncate output"),
    quiet: bool("Only display plugin IDs", { short: "q" }),
  },
  args: { min: 0, max: 0 },
  async run({ flags }, context) {
    const filters = Object.keys(flags.filter).length === 0 ? undefined : flags.filter;
    const plugins = await (await context.client()).request<readonly Plugin[]>("GET", "/plugins", { query: { filters } });
    const sorted = plugins.toSorted((a, b) => naturalOrder(a.Name, b.Name));
    await writeList(context.stdout, pluginListing(!flags["no-trunc"]), sorted, flags);
    return 0;
  },
});

function pluginListing(truncate: boolean): Listing<Plugin> {
  const described = ({ Config }: Plugin): string => Config.Description.replaceAll(/[\n\r]/g, " ");
  return {
    type: "formatter.pluginContext",
    quiet: "ID",
    columns: ["ID", "Name", "Description", "Enabled"],
    raw: "plugin_id: {{.ID}}\nname: {{.Name}}\ndescription: {{.Description}}\nenabled: {{.Enabled}}\n",
    rawQuiet: "plugin_id: {{.ID}}",
    fields: {
      ID: { header: "ID", value: ({ Id = "" }) => (truncate ? truncateId(Id) : Id) },
      Name: { header: "NAME", value: ({ Name }) => Name },
      Description: { header: "DESCRIPTION", value: (plugin) => (truncate ? ellipsis(described(plugin), 45) : described(plugin)) },
      Enabled: { header: "ENABLED", value: ({ Enabled }) => Enabled },
      PluginReference: { header: "IMAGE", value: ({ PluginReference = "" }) => PluginReference },
    },
  };
}
