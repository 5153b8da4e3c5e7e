import { NotFoundError } from "../../base/errors.ts";
import { describeError, StatusError } from "./cli-errors.ts";
import { defineCommand } from "./command.ts";
import { bool } from "./flags/flags.ts";

/** `docker rm`: with `-f` running ones too, and then one that is not there is no failure. */
export const command = defineCommand({
  use: "[OPTIONS] CONTAINER [CONTAINER...]",
  flags: {
    force: bool("Force the removal of a running container (uses SIGKILL)", { short: "f" }),
    link: bool("Remove the specified link", { short: "l" }),
    volumes: bool("Remove anonymous volumes associated with the container", { short: "v" }),
  },
  args: { min: 1 },
  completes: ["containers"],
  async run({ args, flags }, context) {
    const client = await context.client();
    const complaints: string[] = [];
    for (const name of args) {
      try {
        const trimmed = name.replace(/^\/+|\/+$/g, "");
        if (trimmed === "") throw new StatusError("container name cannot be empty");
        await client.removeContainer(trimmed, flags);
        context.stdout.write(`${name}\n`);
      } catch (error) {
        const missing = error instanceof NotFoundError && error.message.startsWith("No such container");
        if (missing && flags.force) context.stderr.write(`${describeError(error)}\n`);
        else complaints.push(describeError(error));
      }
    }
    if (complaints.length > 0) throw new StatusError(complaints.join("\n"));
    return 0;
  },
});
