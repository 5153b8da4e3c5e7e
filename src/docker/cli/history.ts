import type { ImageHistoryItem } from "../api/types.ts";
import { argument, defineCommand } from "./command.ts";
import { bool, string } from "./flags/flags.ts";
import { TABLE_FORMAT_USAGE } from "./flags/flag-usage-texts.ts";
import { ellipsis } from "./format/ellipsis.ts";
import { ago, humanSize } from "./format/human-units.ts";
import { localRfc3339 } from "./format/local-time.ts";
import { truncateId } from "./format/truncate-id.ts";
import { writeList, type Listing } from "./format/write-list.ts";

/** `docker history`: what made each layer, newest first. */
export const command = defineCommand({
  use: "[OPTIONS] IMAGE",
  flags: {
    format: string(TABLE_FORMAT_USAGE),
    human: bool("Print sizes and dates in human readable format", { short: "H", initial: true }),
    "no-trunc": bool("Don't truncate output"),
    quiet: bool("Only show image IDs", { short: "q" }),
  },
  args: { min: 1, max: 1 },
  completes: ["images"],
  async run(options, context) {
    const { flags } = options;
    const client = await context.client();
    const items = await client.imageHistory(argument(options, 0));
    const listing = historyListing({ truncate: !flags["no-trunc"], human: flags.human, now: Date.now() });
    await writeList(context.stdout, listing, items, { format: flags.format, quiet: flags.quiet });
    return 0;
  },
});

function historyListing({ truncate, human, now }: { truncate: boolean; human: boolean; now: number }): Listing<ImageHistoryItem> {
  return {
    type: "image.historyContext",
    quiet: "ID",
    columns: ["ID", human ? "CreatedSince" : "CreatedAt", "CreatedBy", "Size", "Comment"],
    fields: {
      ID: { header: "IMAGE", value: ({ Id }) => (truncate ? truncateId(Id) : Id) },
      CreatedAt: { header: "CREATED AT", value: ({ Created }) => localRfc3339(Created) },
      CreatedSince: { header: "CREATED", value: ({ Created }) => (human ? ago(Created, now) : localRfc3339(Created)) },
      CreatedBy: {
        header: "CREATED BY",
        value: ({ CreatedBy }) => {
          const line = CreatedBy.replaceAll("\t", " ");
          return truncate ? ellipsis(line, 45) : line;
        },
      },
      Size: { header: "SIZE", value: ({ Size }) => (human ? humanSize(Size, 3) : String(Size)) },
      Comment: { header: "COMMENT", value: ({ Comment }) => Comment },
    },
  };
}
