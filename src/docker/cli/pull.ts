import { canonicalString, withDefaultTag } from "../../oci/reference.ts";
import { StatusError } from "./cli-errors.ts";
import { argument, defineCommand } from "./command.ts";
import { bool, string } from "./flags/flags.ts";
import { parseName } from "./registry/parse-name.ts";
import { printMessages, skipMessages } from "./registry/pull-progress.ts";
import { startPull } from "./registry/pull-image.ts";

/** `docker pull`. */
export const command = defineCommand({
  use: "[OPTIONS] NAME[:TAG|@DIGEST]",
  flags: {
    "all-tags": bool("Download all tagged images in the repository", { short: "a" }),
    "disable-content-trust": bool("Skip image verification", { initial: true }),
    platform: string("Set platform if server is multi-platform capable"),
    quiet: bool("Suppress verbose output", { short: "q" }),
  },
  args: { min: 1, max: 1 },
  completes: ["none"],
  async run(options, context) {
    const { flags } = options;
    const reference = parseName(argument(options, 0));
    if (flags["all-tags"] && (reference.tag !== undefined || reference.digest !== undefined)) {
      throw new StatusError("tag can't be used with --all-tags/-a");
    }
    const full = withDefaultTag(reference);
    const hasDefault = !flags["all-tags"] && full !== reference;
    if (hasDefault && !flags.quiet) context.stdout.write("Using default tag: latest\n");
    const messages = await startPull(reference, { platform: flags.platform, allTags: flags["all-tags"] }, context);
    await (flags.quiet ? skipMessages(messages) : printMessages(messages, context.stdout));
    context.stdout.write(`${canonicalString(flags["all-tags"] ? reference : full)}\n`);
    return 0;
  },
});
