import { StatusError } from "./cli-errors.ts";
import { defineCommand } from "./command.ts";
import { describeError } from "./cli-errors.ts";

/** `docker wait`: prints the exit code of each container once it has ended. */
export const command = defineCommand({
  use: "CONTAINER [CONTAINER...]",
  flags: {},
  args: { min: 1 },
  completes: ["running-containers"],
  async run({ args }, context) {
    const client = await context.client();
    let exitCode = 0;
    for (const name of args) {
      try {
        const { result } = await client.waitContainer(name, "not-running", context.signal);
        const { StatusCode, Error: error } = await result;
        if (error) throw new StatusError(error.Message);
        context.stdout.write(`${StatusCode}\n`);
      } catch (error) {
        context.stderr.write(`${describeError(error)}\n`);
        exitCode = 1;
      }
    }
    return exitCode;
  },
});
