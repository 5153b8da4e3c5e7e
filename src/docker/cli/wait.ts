import { describeError, StatusError } from "./cli-errors.ts";
import { defineCommand, forEachName } from "./command.ts";

/** `docker wait`: prints the exit code of each container once it has ended. */
export const command = defineCommand({
  use: "CONTAINER [CONTAINER...]",
  flags: {},
  args: { min: 1 },
  completes: ["running-containers"],
  async run({ args }, context) {
    const client = await context.client();
    return forEachName(
      args,
      context,
      async (name) => {
        const { result } = await client.waitContainer(name, "not-running", context.signal);
        const { StatusCode, Error: error } = await result;
        if (error) throw new StatusError(error.Message);
        context.stdout.write(`${StatusCode}\n`);
      },
      describeError,
    );
  },
});
