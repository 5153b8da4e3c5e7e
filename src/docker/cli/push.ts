import { canonicalString, familiarName, withDefaultTag } from "../../oci/reference.ts";
import { StatusError } from "./cli-errors.ts";
import { argument, defineCommand } from "./command.ts";
import { bool } from "./flags.ts";
import { parseName } from "./parse-name.ts";
import { printMessages, skipMessages } from "./pull-progress.ts";
import { registryAuth } from "./registry-auth.ts";

/** `docker push`. */
export const command = defineCommand({
  use: "[OPTIONS] NAME[:TAG]",
  flags: {
    "all-tags": bool("Push all tags of an image to the repository", { short: "a" }),
    "disable-content-trust": bool("Skip image signing", { initial: true }),
    quiet: bool("Suppress verbose output", { short: "q" }),
  },
  args: { min: 1, max: 1 },
  completes: ["images"],
  async run(options, context) {
    const { flags } = options;
    const reference = parseName(argument(options, 0));
    if (flags["all-tags"] && reference.tag !== undefined) throw new StatusError("tag can't be used with --all-tags/-a");
    const full = flags["all-tags"] ? reference : withDefaultTag(reference);
    if (full !== reference && !flags.quiet) context.stdout.write("Using default tag: latest\n");
    const client = await context.client();
    const auth = registryAuth(context, reference.domain);
    const messages = await client.pushImage({ image: familiarName(full), tag: full.tag ?? "", auth }, context.signal);
    await (flags.quiet ? skipMessages(messages) : printMessages(messages, context.stdout));
    if (flags.quiet) context.stdout.write(`${canonicalString(full)}\n`);
    return 0;
  },
});
