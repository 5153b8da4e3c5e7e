import { defineCommand } from "./command.ts";
import { eachContainer } from "./each-container.ts";

/** `docker unpause`: lets a paused container go on. */
export const command = defineCommand({
  use: "CONTAINER [CONTAINER...]",
  flags: {},
  args: { min: 1 },
  completes: ["running-containers"],
  run: ({ args }, context) => eachContainer(args, context, (client, name) => client.unpauseContainer(name)),
});
