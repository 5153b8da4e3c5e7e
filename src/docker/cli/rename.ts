import { describeError, StatusError } from "./cli-errors.ts";
import { argument, defineCommand } from "./command.ts";

/** `docker rename`. */
export const command = defineCommand({
  use: "CONTAINER NEW_NAME",
  flags: {},
  args: { min: 2, max: 2 },
  completes: ["containers", "none"],
  async run(options, context) {
    const [from, to] = [argument(options, 0).trim(), argument(options, 1).trim()];
    if (from === "" || to === "") throw new StatusError("Error: Neither old nor new names may be empty");
    const client = await context.client();
    try {
      await client.renameContainer(from, to);
    } catch (error) {
      throw new StatusError(`${describeError(error)}\nError: failed to rename container named ${from}`);
    }
    return 0;
  },
});
