import { argument, defineCommand } from "../command.ts";
import { checkContextName } from "./context-name.ts";

/** `docker context use`: `default` is in use already, and there is no other. */
export const command = defineCommand({
  use: "CONTEXT",
  flags: {},
  args: { min: 1, max: 1 },
  completes: ["none"],
  run(options, { stdout, stderr, env, configFolder }) {
    const name = argument(options, 0);
    checkContextName(name, configFolder);
    stdout.write(`${name}\n`);
    if (env["DOCKER_HOST"]) {
      stderr.write(
        "Warning: DOCKER_HOST environment variable overrides the active context. To use a context, either set the global --context flag, or unset DOCKER_HOST environment variable.\n",
      );
    }
    stderr.write(`Current context is now "${name}"\n`);
    return Promise.resolve(0);
  },
});
