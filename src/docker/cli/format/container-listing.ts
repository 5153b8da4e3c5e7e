import type { ContainerSummary } from "../../api/types.ts";
import { ellipsis } from "./ellipsis.ts";
import { goQuote } from "./go-quote.ts";
import { labelList } from "./label-list.ts";
import { localTime } from "./local-time.ts";
import { ago, humanSize } from "./human-units.ts";
import { portList } from "./port-list.ts";
import type { Listing } from "./write-list.ts";

/** A container of which nothing is known. */
export const blankContainer: ContainerSummary = {
  Id: "",
  Names: [],
  Image: "",
  ImageID: "",
  Command: "",
  Created: 0,
  Ports: [],
  Labels: {},
  State: "created",
  Status: "",
  HostConfig: { NetworkMode: "" },
  NetworkSettings: { Networks: {} },
  Mounts: [],
};

/** How containers are listed; `now` in milliseconds. Names with a second slash, which links make, only show untruncated. */
export function containerListing(options: { truncate: boolean; size: boolean; now: number }): Listing<ContainerSummary> {
  const { truncate, now } = options;
  const names = (container: ContainerSummary): string =>
    container.Names.map((name) => name.replace(/^\//, ""))
      .filter((name) => !truncate || !name.includes("/"))
      .join(",");
  const sizes = (container: ContainerSummary): string => {
    const writable = humanSize(container.SizeRw ?? 0, 3);
    return (container.SizeRootFs ?? 0) > 0 ? `${writable} (virtual ${humanSize(container.SizeRootFs ?? 0, 3)})` : writable;
  };
  const columns = ["ID", "Image", "Command", "RunningFor", "Status", "Ports", "Names"];
  return {
    type: "formatter.ContainerContext",
    quiet: "ID",
    columns: options.size ? [...columns, "Size"] : columns,
    rawQuiet: "container_id: {{.ID}}",
    raw:
      "container_id: {{.ID}}\nimage: {{.Image}}\ncommand: {{.Command}}\ncreated_at: {{.CreatedAt}}\nstate: {{- pad .State 1 0}}\n" +
      "status: {{- pad .Status 1 0}}\nnames: {{.Names}}\nlabels: {{- pad .Labels 1 0}}\nports: {{- pad .Ports 1 0}}\n" +
      (options.size ? "size: {{.Size}}\n" : ""),
    methods: (container) => ({ Label: (key) => container.Labels?.[key as string] ?? "" }),
    fields: {
      ID: { header: "CONTAINER ID", value: ({ Id }) => (truncate ? Id.slice(0, 12) : Id) },
      Names: { header: "NAMES", value: names },
      Image: { header: "IMAGE", value: (container) => imageName(container, truncate) },
      Command: {
        header: "COMMAND",
        value: ({ Command }) => goQuote(truncate ? ellipsis(Command, 20) : Command),
      },
      CreatedAt: { header: "CREATED AT", value: ({ Created }) => localTime(Created) },
      RunningFor: { header: "CREATED", value: ({ Created }) => ago(Created, now) },
      Ports: { header: "PORTS", value: ({ Ports }) => portList(Ports ?? []) },
      State: { header: "STATE", value: ({ State }) => State },
      Status: { header: "STATUS", value: ({ Status }) => Status },
      Size: { header: "SIZE", value: sizes },
      Labels: { header: "LABELS", value: ({ Labels }) => labelList(Labels) },
      Mounts: {
        header: "MOUNTS",
        value: ({ Mounts }) =>
          (Mounts ?? []).map(({ Name, Source }) => (truncate ? ellipsis(Name || Source, 15) : Name || Source)).join(","),
      },
      LocalVolumes: {
        header: "LOCAL VOLUMES",
        value: ({ Mounts }) => String((Mounts ?? []).filter(({ Driver }) => Driver === "local").length),
      },
      Networks: { header: "NETWORKS", value: ({ NetworkSettings }) => Object.keys(NetworkSettings?.Networks ?? {}).join(",") },
    },
  };
}

/** An image that lost its name is shown by its id. */
function imageName({ Image, ImageID }: ContainerSummary, truncate: boolean): string {
  if (Image === "") return "<no image>";
  if (!truncate) return Image;
  if (Image.startsWith("sha256:") || Image === ImageID) return Image.replace(/^sha256:/, "").slice(0, 12);
  // A digest beside the name only makes the column wide.
  return Image.replace(/@sha256:[0-9a-f]{64}$/, "");
}
