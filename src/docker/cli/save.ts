import { StatusError } from "./cli-errors.ts";
import { defineCommand } from "./command.ts";
import { checkOutputPath, writeToStdout } from "./files/file-streams.ts";
import { string } from "./flags/flags.ts";

/** `docker save`: images, with their layers and names, as one tar. */
export const command = defineCommand({
  use: "[OPTIONS] IMAGE [IMAGE...]",
  flags: { output: string("Write to a file, instead of STDOUT", { short: "o" }) },
  args: { min: 1 },
  completes: ["images"],
  async run({ flags, args }, context) {
    if (flags.output === "" && context.stdout.isTTY === true) {
      throw new StatusError("cowardly refusing to save to a terminal. Use the -o flag or redirect");
    }
    if (flags.output !== "") await checkOutputPath(flags.output, "save image", context);
    const client = await context.client();
    const tar = await client.saveImages(args, context.signal);
    await (flags.output === "" ? writeToStdout(tar, context.stdout) : context.files.write(flags.output, tar));
    return 0;
  },
});
