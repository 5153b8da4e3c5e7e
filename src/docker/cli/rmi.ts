import { NotFoundError } from "../../base/errors.ts";
import { describeError, StatusError } from "./cli-errors.ts";
import { defineCommand } from "./command.ts";
import { bool } from "./flags/flags.ts";

/** `docker rmi`: every image is tried; what was untagged and deleted is printed as it goes. */
export const command = defineCommand({
  use: "[OPTIONS] IMAGE [IMAGE...]",
  flags: {
    force: bool("Force removal of the image", { short: "f" }),
    "no-prune": bool("Do not delete untagged parents"),
  },
  args: { min: 1 },
  completes: ["images"],
  async run({ args, flags }, context) {
    const client = await context.client();
    const complaints: string[] = [];
    let fatal = false;
    for (const name of args) {
      try {
        for (const item of await client.removeImage(name, { force: flags.force, noPrune: flags["no-prune"] })) {
          context.stdout.write("Deleted" in item ? `Deleted: ${item.Deleted}\n` : `Untagged: ${item.Untagged}\n`);
        }
      } catch (error) {
        fatal ||= !(error instanceof NotFoundError);
        complaints.push(describeError(error));
      }
    }
    if (complaints.length === 0) return 0;
    if (!flags.force || fatal) throw new StatusError(complaints.join("\n"));
    context.stderr.write(`${complaints.join("\n")}\n`);
    return 0;
  },
});
