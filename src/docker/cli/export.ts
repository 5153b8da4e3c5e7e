import { StatusError } from "./cli-errors.ts";
import { argument, defineCommand } from "./command.ts";
import { checkOutputPath, writeToStdout } from "./files/file-streams.ts";
import { string } from "./flags/flags.ts";

/** `docker export`: a container's file system as a tar. */
export const command = defineCommand({
  use: "[OPTIONS] CONTAINER",
  flags: { output: string("Write to a file, instead of STDOUT", { short: "o" }) },
  args: { min: 1, max: 1 },
  completes: ["containers"],
  async run(options, context) {
    const { output } = options.flags;
    if (output === "" && context.stdout.isTTY === true) {
      throw new StatusError("cowardly refusing to save to a terminal. Use the -o flag or redirect");
    }
    if (output !== "") await checkOutputPath(output, "export container", context);
    const client = await context.client();
    const tar = await client.exportContainer(argument(options, 0), context.signal);
    await (output === "" ? writeToStdout(tar, context.stdout) : context.files.write(output, tar));
    return 0;
  },
});
