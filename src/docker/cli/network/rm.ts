import { describeError } from "../cli-errors.ts";
import { defineCommand, forEachName } from "../command.ts";

/** `docker network rm` */
export const command = defineCommand({
  use: "NETWORK [NETWORK...]",
  flags: {},
  args: { min: 1 },
  completes: ["networks"],
  async run({ args }, context) {
    const client = await context.client();
    const exitCode = await forEachName(
      args,
      context,
      async (name) => {
        await client.removeNetwork(name);
        context.stdout.write(`${name}\n`);
      },
      describeError,
    );
    // The client's own words for its exit code.
    if (exitCode !== 0) context.stderr.write("exit status 1\n");
    return exitCode;
  },
});
