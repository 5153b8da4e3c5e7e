import { StatusError } from "./cli-errors.ts";
import { configuredFormat } from "./config-file.ts";
import { defineCommand } from "./command.ts";
import { bool, filter, string } from "./flags/flags.ts";
import { TABLE_FORMAT_USAGE } from "./flags/flag-usage-texts.ts";
import { imageListing, imageRows } from "./format/image-listing.ts";
import { writeList } from "./format/write-list.ts";

/** `docker images`: a line for every name of every image. */
export const command = defineCommand({
  use: "[OPTIONS] [REPOSITORY[:TAG]]",
  flags: {
    all: bool("Show all images (default hides intermediate images)", { short: "a" }),
    digests: bool("Show digests"),
    filter: filter("Filter output based on conditions provided", { short: "f" }),
    format: string(TABLE_FORMAT_USAGE),
    "no-trunc": bool("Don't truncate output"),
    quiet: bool("Only show image IDs", { short: "q" }),
    tree: bool("List multi-platform images as a tree (EXPERIMENTAL)"),
  },
  args: { min: 0, max: 1 },
  completes: ["images"],
  async run({ flags, args }, context) {
    if (flags.tree) throw new StatusError('"--tree" is not supported: an image of a slipway engine is of one platform');
    const client = await context.client();
    const filters = args[0] === undefined ? flags.filter : { ...flags.filter, reference: [...(flags.filter["reference"] ?? []), args[0]] };
    const images = await client.listImages({ all: flags.all, filters });
    const format = flags.format || (flags.quiet ? "" : configuredFormat(context.configFolder, "imagesFormat"));
    const listing = imageListing({ truncate: !flags["no-trunc"], digests: flags.digests, now: Date.now() });
    const rows = imageRows(images, flags.digests || format.includes(".Digest"));
    await writeList(context.stdout, listing, rows, { format, quiet: flags.quiet });
    return 0;
  },
});
