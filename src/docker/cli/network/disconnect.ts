import { argument, defineCommand } from "../command.ts";
import { bool } from "../flags/flags.ts";

/** `docker network disconnect` */
export const command = defineCommand({
  use: "[OPTIONS] NETWORK CONTAINER",
  flags: { force: bool("Force the container to disconnect from a network", { short: "f" }) },
  args: { min: 2, max: 2 },
  completes: ["networks", "containers"],
  async run(options, context) {
    const client = await context.client();
    await client.disconnectNetwork(argument(options, 0), argument(options, 1), options.flags.force);
    return 0;
  },
});
