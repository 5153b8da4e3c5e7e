import { argument, defineCommand } from "../command.ts";
import { checkContextName } from "./context-name.ts";

/** `docker context use`: `default` is in use already, and there is no other. */
export const command = defineCommand({
  use: "CONTEXT",
  flags: {},
  args: { min: 1, max: 1, plainly: true },
  completes: ["none"],
  run(options, context) {
    const { stdout, stderr } = context;
    const name = argument(options, 0);
    checkContextName(name, context);
    stdout.write(`${name}\n`);
    stderr.write(`Current context is now "${name}"\n`);
    return Promise.resolve(0);
  },
});
