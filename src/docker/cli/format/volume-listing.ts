import type { VolumeInspect } from "../../api/types.ts";
import { humanSize } from "./human-units.ts";
import { labelList } from "./label-list.ts";
import type { Listing } from "./write-list.ts";

/** A volume; `UsageData` is known to `system df` alone, its size in bytes. */
export type MeasuredVolume = VolumeInspect & { readonly UsageData?: { readonly RefCount: number; readonly Size: number } | null };

/** How volumes are listed. */
export const volumeListing: Listing<MeasuredVolume> = {
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
    Links: { header: "LINKS", value: ({ UsageData }) => (UsageData ? String(UsageData.RefCount) : "N/A") },
    Size: { header: "SIZE", value: ({ UsageData }) => (UsageData ? humanSize(UsageData.Size) : "N/A") },
    // Only volumes of a cluster have these.
    Availability: { header: "AVAILABILITY", value: () => "N/A" },
    Group: { header: "GROUP", value: () => "N/A" },
    Status: { header: "STATUS", value: () => "N/A" },
  },
};
