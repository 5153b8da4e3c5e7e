import { defineCommand } from "../command.ts";

/** `docker context show`: the name of the context in use. */
export const command = defineCommand({
  use: "",
  flags: {},
  args: { min: 0, max: 0 },
  run(_options, context) {
    context.stdout.write("default\n");
    return Promise.resolve(0);
  },
});
