import { describeError } from "../cli-errors.ts";
import { defineCommand, forEachName } from "../command.ts";
import { bool } from "../flags/flags.ts";

/** `docker volume rm` */
export const command = defineCommand({
  use: "[OPTIONS] VOLUME [VOLUME...]",
  long: "Remove one or more volumes. You cannot remove a volume that is in use by a container.",
  flags: { force: bool("Force the removal of one or more volumes", { short: "f" }) },
  args: { min: 1 },
  completes: ["volumes"],
  async run({ args, flags }, context) {
    const client = await context.client();
    return forEachName(
      args,
      context,
      async (name) => {
        await client.removeVolume(name, { force: flags.force });
        context.stdout.write(`${name}\n`);
      },
      describeError,
    );
  },
});
