import { isIPv6 } from "node:net";
import type { PortBinding } from "../api/types.ts";
import { StatusError } from "./cli-errors.ts";
import { argument, defineCommand } from "./command.ts";

/** `docker port`: where a container's ports are published, all or one. */
export const command = defineCommand({
  use: "CONTAINER [PRIVATE_PORT[/PROTO]]",
  flags: {},
  args: { min: 1, max: 2 },
  completes: ["containers", "none"],
  async run(options, context) {
    const name = argument(options, 0);
    const client = await context.client();
    const container = await client.inspectContainer(name);
    const ports = container.NetworkSettings.Ports ?? {};
    const wanted = options.args[1];
    if (wanted === undefined || wanted === "") {
      const lines = Object.entries(ports).flatMap(([port, bindings]) =>
        (bindings ?? []).map((binding) => ({ port, text: `${port} -> ${address(binding)}\n` })),
      );
      const numbered = lines.toSorted((a, b) => Number.parseInt(a.port, 10) - Number.parseInt(b.port, 10));
      context.stdout.write(numbered.map(({ text }) => text).join(""));
      return 0;
    }
    const [number = "", protocol = "tcp"] = wanted.split("/");
    if (!/^\d+$/.test(number)) {
      throw new StatusError(`Error: invalid port (${number}): strconv.ParseUint: parsing ${JSON.stringify(number)}: invalid syntax`);
    }
    const bindings = ports[`${number}/${protocol}`];
    if (!bindings) throw new StatusError(`Error: No public port '${wanted}' published for ${name}`);
    context.stdout.write(bindings.map((binding) => `${address(binding)}\n`).join(""));
    return 0;
  },
});

function address({ HostIp = "", HostPort = "" }: PortBinding): string {
  return `${isIPv6(HostIp) ? `[${HostIp}]` : HostIp}:${HostPort}`;
}
