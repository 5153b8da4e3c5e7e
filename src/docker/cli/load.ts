import { StatusError } from "./cli-errors.ts";
import { defineCommand } from "./command.ts";
import { readFileStream } from "./files/file-streams.ts";
import { bool, string } from "./flags/flags.ts";
import { printMessages } from "./registry/pull-progress.ts";

/** `docker load`: images out of a tar that `save` wrote. */
export const command = defineCommand({
  use: "[OPTIONS]",
  flags: {
    input: string("Read from tar archive file, instead of STDIN", { short: "i" }),
    quiet: bool("Suppress the load output", { short: "q" }),
  },
  args: { min: 0, max: 0 },
  async run({ flags }, context) {
    if (flags.input === "" && context.stdin.isTTY === true) {
      throw new StatusError("requested load from stdin, but stdin is empty");
    }
    const source = flags.input === "" ? context.stdin : await readFileStream(flags.input, context);
    const client = await context.client();
    const quiet = flags.quiet || context.stdout.isTTY !== true;
    await printMessages(await client.loadImages(source, { quiet }, context.signal), context.stdout);
    return 0;
  },
});
