import { defineCommand } from "./command.ts";
import { eachContainer } from "./each-container.ts";
import { stopFlags, stopOptions, warnOfTime } from "./flags/stop-flags.ts";

/** `docker stop`. */
export const command = defineCommand({
  use: "[OPTIONS] CONTAINER [CONTAINER...]",
  flags: stopFlags,
  args: { min: 1 },
  completes: ["running-containers"],
  run: ({ args, flags, given }, context) => {
    warnOfTime(given, context);
    return eachContainer(args, context, (client, name) => client.stopContainer(name, stopOptions(flags)));
  },
});
