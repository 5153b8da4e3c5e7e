import { NotFoundError } from "../../../base/errors.ts";
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
        try {
          await client.removeNetwork(name);
        } catch (error) {
          throw error instanceof NotFoundError ? new Error(`Error: No such network: ${name}`, { cause: error }) : error;
        }
        context.stdout.write(`${name}\n`);
      },
      describeError,
    );
  },
});
