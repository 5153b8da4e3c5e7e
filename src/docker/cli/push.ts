import { hostArchitecture } from "../../oci/architecture.ts";
import { canonicalString, familiarName, withDefaultTag } from "../../oci/reference.ts";
import type { PlatformSpec } from "../api/types.ts";
import { StatusError } from "./cli-errors.ts";
import { argument, defineCommand } from "./command.ts";
import { bool, string } from "./flags/flags.ts";
import { parseName } from "./registry/parse-name.ts";
import { printMessages, skipMessages } from "./registry/pull-progress.ts";
import { registryAuth } from "./registry/registry-auth.ts";

const PLATFORM_USAGE = `Push a platform-specific manifest as a single-platform image to the registry.
Image index won't be pushed, meaning that other manifests, including attestations won't be preserved.
'os[/arch[/variant]]': Explicit platform (eg. linux/amd64)`;

/** What Docker says of it, which on our engine is so of every push. */
const PLATFORM_NOTE = `
 Info -> Using --platform pushes only the specified platform manifest of a multi-platform image index.
         Other components, like attestations, will not be included.
         To push the complete multi-platform image, remove the --platform flag.
         
`;

/** `docker push`. */
export const command = defineCommand({
  use: "[OPTIONS] NAME[:TAG]",
  flags: {
    "all-tags": bool("Push all tags of an image to the repository", { short: "a" }),
    "disable-content-trust": bool("Skip image signing", { initial: true }),
    platform: string(PLATFORM_USAGE),
    quiet: bool("Suppress verbose output", { short: "q" }),
  },
  args: { min: 1, max: 1 },
  completes: ["images"],
  async run(options, context) {
    const { flags } = options;
    const platform = platformOf(flags.platform);
    if (platform) context.stdout.write(PLATFORM_NOTE);
    const reference = parseName(argument(options, 0));
    if (flags["all-tags"] && reference.tag !== undefined) throw new StatusError("tag can't be used with --all-tags/-a");
    const full = flags["all-tags"] ? reference : withDefaultTag(reference);
    if (full !== reference && !flags.quiet) context.stdout.write("Using default tag: latest\n");
    const client = await context.client();
    const auth = registryAuth(context, reference.domain);
    const messages = await client.pushImage({ image: familiarName(full), tag: full.tag ?? "", platform, auth }, context.signal);
    await (flags.quiet ? skipMessages(messages) : printMessages(messages, context.stdout));
    if (flags.quiet) context.stdout.write(`${canonicalString(full)}\n`);
    return 0;
  },
});

/** @throws StatusError with docker's text for what is no platform. */
function platformOf(text: string): PlatformSpec | null {
  if (text === "") return null;
  const parts = text.toLowerCase().split("/");
  const bad = parts.find((part) => !/^[a-z0-9_-]+$/.test(part));
  const why =
    parts.length > 3
      ? `"${text}": cannot parse platform specifier: invalid argument`
      : bad !== undefined &&
        `${JSON.stringify(bad)} is an invalid component of ${JSON.stringify(text)}: platform specifier component must match "^[A-Za-z0-9_-]+$": invalid argument`;
  if (why !== false) throw new StatusError(`Invalid platform ${text}${why}`);
  const [os = "", architecture = hostArchitecture(), variant] = parts;
  return { os, architecture, ...(variant !== undefined && { variant }) };
}
