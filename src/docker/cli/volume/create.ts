import { StatusError } from "../cli-errors.ts";
import { defineCommand } from "../command.ts";
import { keyValueMap, list, map, string } from "../flags/flags.ts";

/** `docker volume create`: prints its name, made up when none is given. */
export const command = defineCommand({
  use: "[OPTIONS] [VOLUME]",
  flags: {
    driver: string("Specify volume driver name", { short: "d", initial: "local" }),
    label: list("Set metadata for a volume"),
    name: string("Specify volume name", { hidden: true }),
    opt: map("Set driver specific options", { short: "o" }),
  },
  args: { min: 0, max: 1 },
  completes: ["none"],
  async run({ args, flags }, context) {
    if (args[0] !== undefined && flags.name !== "")
      throw new StatusError("conflicting options: either specify --name or provide positional arg, not both");
    const client = await context.client();
    const volume = await client.createVolume({
      Name: args[0] ?? flags.name,
      Driver: flags.driver,
      DriverOpts: flags.opt,
      Labels: keyValueMap(flags.label),
    });
    context.stdout.write(`${volume.Name}\n`);
    return 0;
  },
});
