import { UsageError } from "./cli-errors.ts";
import { defineCommand } from "./command.ts";
import { containerFlags } from "./container-request/container-flags.ts";
import { containerRequest } from "./container-request/container-request.ts";
import { createContainer } from "./container-request/create-container.ts";
import { flagError } from "./container-request/container-errors.ts";

/** `docker create`: a container that is not started; its id is printed. */
export const command = defineCommand({
  use: "[OPTIONS] IMAGE [COMMAND] [ARG...]",
  flags: { ...containerFlags, pull: { ...containerFlags.pull, usage: 'Pull image before creating ("always", "|missing", "never")' } },
  args: { min: 1 },
  interspersed: false,
  completes: ["images"],
  async run(options, context) {
    const request = await containerRequest(options, context).catch((error: unknown) => {
      throw error instanceof UsageError ? error : flagError(error, "create");
    });
    context.stdout.write(`${await createContainer(request, options, context)}\n`);
    return 0;
  },
});
