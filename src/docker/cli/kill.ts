import { defineCommand } from "./command.ts";
import { eachContainer } from "./each-container.ts";
import { string } from "./flags/flags.ts";

/** `docker kill`: sends SIGKILL, or the signal asked for. */
export const command = defineCommand({
  use: "[OPTIONS] CONTAINER [CONTAINER...]",
  flags: { signal: string("Signal to send to the container", { short: "s" }) },
  args: { min: 1 },
  completes: ["running-containers"],
  run: ({ args, flags }, context) => eachContainer(args, context, (client, name) => client.killContainer(name, flags.signal)),
});
