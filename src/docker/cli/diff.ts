import { argument, defineCommand } from "./command.ts";

const LETTERS = ["C", "A", "D"] as const;

/** `docker diff`: what a container changed (C), added (A) and deleted (D) over its image. */
export const command = defineCommand({
  use: "CONTAINER",
  flags: {},
  args: { min: 1, max: 1 },
  completes: ["containers"],
  async run(options, context) {
    const client = await context.client();
    const changes = await client.containerChanges(argument(options, 0));
    context.stdout.write(changes.map(({ Kind, Path }) => `${LETTERS[Kind]} ${Path}\n`).join(""));
    return 0;
  },
});
