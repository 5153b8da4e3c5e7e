import { NotFoundError } from "../../../base/errors.ts";
import { describeError } from "../cli-errors.ts";
import { defineCommand } from "../command.ts";
import { bool } from "../flags/flags.ts";

/** `docker network rm` */
export const command = defineCommand({
  use: "NETWORK [NETWORK...]",
  flags: { force: bool("Do not error if the network does not exist", { short: "f" }) },
  args: { min: 1 },
  completes: ["networks"],
  async run({ args, flags }, context) {
    const client = await context.client();
    let exitCode = 0;
    for (const name of args) {
      try {
        await client.removeNetwork(name);
        context.stdout.write(`${name}\n`);
      } catch (error) {
        if (flags.force && error instanceof NotFoundError) continue;
        // At once, unlike other commands'.
        context.stderr.write(`${describeError(error)}\n`);
        exitCode = 1;
      }
    }
    // The client's own words for its exit code.
    if (exitCode !== 0) context.stderr.write("exit status 1\n");
    return exitCode;
  },
});
