import { parseName } from "./registry/parse-name.ts";
import { argument, defineCommand } from "./command.ts";
import { readFileStream } from "./files/file-streams.ts";
import { list, string } from "./flags/flags.ts";
import { printMessages } from "./registry/pull-progress.ts";
import { splitTag } from "./registry/split-tag.ts";

/** `docker import`: an image of one layer, out of the tar of a file system. */
export const command = defineCommand({
  use: "[OPTIONS] file|URL|- [REPOSITORY[:TAG]]",
  flags: {
    change: list("Apply Dockerfile instruction to the created image", { short: "c" }),
    message: string("Set commit message for imported image", { short: "m" }),
    platform: string("Set platform if server is multi-platform capable"),
  },
  args: { min: 1 },
  completes: ["files", "none"],
  async run(options, context) {
    const { flags } = options;
    const from = argument(options, 0);
    const name = options.args[1] ?? "";
    if (name !== "") parseName(name);
    const isUrl = /^(https?|ftp):\/\//.test(from);
    const source = isUrl ? null : from === "-" ? context.stdin : await readFileStream(from, context);
    const client = await context.client();
    const messages = await client.importImage(
      { fromSrc: isUrl ? from : "-", ...splitTag(name), message: flags.message, changes: flags.change, platform: flags.platform },
      source,
      context.signal,
    );
    await printMessages(messages, context.stdout);
    return 0;
  },
});
