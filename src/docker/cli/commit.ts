import { parseName } from "./registry/parse-name.ts";
import { argument, defineCommand } from "./command.ts";
import { bool, list, string } from "./flags/flags.ts";
import { splitTag } from "./registry/split-tag.ts";

/** `docker commit`: an image of what a container is now. */
export const command = defineCommand({
  use: "[OPTIONS] CONTAINER [REPOSITORY[:TAG]]",
  flags: {
    author: string('Author (e.g., "John Hannibal Smith <hannibal@a-team.com>")', { short: "a" }),
    change: list("Apply Dockerfile instruction to the created image", { short: "c" }),
    message: string("Commit message", { short: "m" }),
    pause: bool("Pause container during commit", { short: "p", initial: true }),
  },
  args: { min: 1, max: 2 },
  completes: ["containers", "none"],
  async run(options, context) {
    const { flags } = options;
    const name = options.args[1] ?? "";
    if (name !== "") parseName(name);
    const client = await context.client();
    const { Id } = await client.commitContainer({
      container: argument(options, 0),
      ...splitTag(name),
      comment: flags.message,
      author: flags.author,
      changes: flags.change,
      pause: flags.pause,
    });
    context.stdout.write(`${Id}\n`);
    return 0;
  },
});
