import { argument, defineCommand } from "../command.ts";
import { recordOf } from "../container-request/env-file.ts";
import { int, list, string, strings } from "../flags/flags.ts";

/** `docker network connect` */
export const command = defineCommand({
  use: "[OPTIONS] NETWORK CONTAINER",
  flags: {
    alias: strings("Add network-scoped alias for the container"),
    "driver-opt": strings("driver options for the network"),
    "gw-priority": int("Highest gw-priority provides the default gateway. Accepts positive and negative values."),
    ip: string('IPv4 address (e.g., "172.30.100.104")'),
    ip6: string('IPv6 address (e.g., "2001:db8::33")'),
    link: list("Add link to another container"),
    "link-local-ip": strings("Add a link-local address for the container"),
  },
  args: { min: 2, max: 2 },
  completes: ["networks", "containers"],
  async run(options, context) {
    const { flags } = options;
    const client = await context.client();
    await client.connectNetwork(argument(options, 0), argument(options, 1), {
      IPAMConfig: {
        ...(flags.ip && { IPv4Address: flags.ip }),
        ...(flags.ip6 && { IPv6Address: flags.ip6 }),
        ...(flags["link-local-ip"].length > 0 && { LinkLocalIPs: flags["link-local-ip"] }),
      },
      ...(flags["driver-opt"].length > 0 && { DriverOpts: recordOf(flags["driver-opt"]) }),
      ...(flags["gw-priority"] && { GwPriority: flags["gw-priority"] }),
      Links: flags.link,
      Aliases: flags.alias,
    });
    return 0;
  },
});
