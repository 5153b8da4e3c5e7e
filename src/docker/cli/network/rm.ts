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
    return forEachName(
      args,
      context,
      async (name) => {
        await client.removeNetwork(name);
        context.stdout.write(`${name}\n`);
      },
      describeError,
    );
  },
});
