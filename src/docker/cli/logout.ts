import { defineCommand } from "./command.ts";
import { forgetAuth } from "./registry/registry-auth.ts";
import { registryKey } from "./registry/registry-key.ts";

/** `docker logout`: forgets a registry's login. */
export const command = defineCommand({
  use: "[SERVER]",
  long: "Log out from a registry.\nIf no server is specified, the default is defined by the daemon.",
  flags: {},
  args: { min: 0, max: 1 },
  completes: ["none"],
  async run({ args }, context) {
    context.ownProcess();
    const key = registryKey(args[0]);
    context.stdout.write(`Removing login credentials for ${key}\n`);
    await forgetAuth(context, key);
    return 0;
  },
});
