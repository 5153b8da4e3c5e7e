import { StatusError } from "./cli-errors.ts";
import { defineCommand } from "./command.ts";
import { containerFlags } from "./container-request/container-flags.ts";
import { resourcesOf } from "./container-request/container-request.ts";
import { parseRestartPolicy } from "./container-request/container-flag-values.ts";
import { eachContainer } from "./each-container.ts";
import { int, string } from "./flags/flags.ts";
import type { HostConfig } from "../api/types.ts";

/** `docker update`: other limits, or another restart policy, for containers that are there. */
export const command = defineCommand({
  use: "[OPTIONS] CONTAINER [CONTAINER...]",
  flags: {
    "blkio-weight": containerFlags["blkio-weight"],
    "cpu-period": containerFlags["cpu-period"],
    "cpu-quota": containerFlags["cpu-quota"],
    "cpu-rt-period": int("Limit the CPU real-time period in microseconds"),
    "cpu-rt-runtime": int("Limit the CPU real-time runtime in microseconds"),
    "cpu-shares": containerFlags["cpu-shares"],
    cpus: containerFlags.cpus,
    "cpuset-cpus": containerFlags["cpuset-cpus"],
    "cpuset-mems": containerFlags["cpuset-mems"],
    "kernel-memory": { ...containerFlags["kernel-memory"], hidden: true },
    memory: containerFlags.memory,
    "memory-reservation": containerFlags["memory-reservation"],
    "memory-swap": { ...containerFlags["memory-swap"], usage: "Swap limit equal to memory plus swap: -1 to enable unlimited swap" },
    "pids-limit": containerFlags["pids-limit"],
    restart: string("Restart policy to apply when a container exits"),
  },
  args: { min: 1 },
  completes: ["containers"],
  async run({ flags, given, args }, context) {
    if (given.size === 0) throw new StatusError("you must provide one or more flags when using this command");
    const policy = flags.restart === "" ? {} : parseRestartPolicy(flags.restart);
    const update = { ...resourcesOf(flags), RestartPolicy: policy } as HostConfig;
    const warnings: string[] = [];
    const exitCode = await eachContainer(args, context, async (client, name) => {
      warnings.push(...((await client.updateContainer(name, update)).Warnings ?? []));
    });
    for (const warning of warnings) context.stderr.write(`${warning}\n`);
    return exitCode;
  },
});
