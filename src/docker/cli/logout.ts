import { defineCommand } from "./command.ts";
import { readConfigFile, writeConfigFile } from "./config-file.ts";
import { registryKey } from "./registry-key.ts";

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
    const config = readConfigFile(context.configFolder);
    context.stdout.write(`Removing login credentials for ${key}\n`);
    if (config.auths?.[key] === undefined) return 0;
    const { [key]: _, ...auths } = config.auths;
    await writeConfigFile(context.configFolder, { ...config, auths });
    return 0;
  },
});
