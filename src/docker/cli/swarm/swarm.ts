import { StatusError } from "../cli-errors.ts";
import { defineCommand, type Command, type CommandContext } from "../command.ts";
import { flagLines } from "../flags/flag-lines.ts";
import { commandHelp } from "../help.ts";
import { managerCommand, type SwarmOptions } from "./ask-manager.ts";

const SWARM_SPEC = `
--cert-expiry duration  Validity period for node certificates (ns|us|ms|s|m|h) (default 2160h0m0s)
--dispatcher-heartbeat duration  Dispatcher heartbeat period (ns|us|ms|s|m|h) (default 5s)
--external-ca external-ca  Specifications of one or more certificate signing endpoints
--max-snapshots uint  Number of additional Raft snapshots to retain
--snapshot-interval uint  Number of log entries between Raft snapshots (default 10000)
--task-history-limit int  Task history retention limit (default 5)`;
const NODE_FLAGS = `
--advertise-addr string  Advertised address (format: "<ip|interface>[:port]")
--availability string  Availability of the node ("active", "pause", "drain") (default "active")
--data-path-addr string  Address or interface to use for data path traffic (format: "<ip|interface>")
--listen-addr node-addr  Listen address (format: "<ip|interface>[:port]") (default 0.0.0.0:2377)`;

/** `docker swarm …` */
export const ca = managerCommand({
  use: "[OPTIONS]",
  args: { min: 0, max: 0 },
  flags: `
--ca-cert pem-file  Path to the PEM-formatted root CA certificate to use for the new cluster
--ca-key pem-file  Path to the PEM-formatted root CA key to use for the new cluster
--cert-expiry duration  Validity period for node certificates (ns|us|ms|s|m|h) (default 2160h0m0s)
-d, --detach  Exit immediately instead of waiting for the root rotation to converge
--external-ca external-ca  Specifications of one or more certificate signing endpoints
-q, --quiet  Suppress progress output
--rotate  Rotate the swarm CA - if no certificate or key are provided, new ones will be generated`,
});

export const init = enteringCommand({
  use: "[OPTIONS]",
  args: { min: 0, max: 0 },
  flags: `${NODE_FLAGS}
--autolock  Enable manager autolocking (requiring an unlock key to start a stopped manager)
--data-path-port uint32  Port number to use for data path traffic (1024 - 49151). If no value is set or is set to 0, the default port (4789) is used.
--default-addr-pool ipNetSlice  default address pool in CIDR format (default [])
--default-addr-pool-mask-length uint32  default address pool subnet mask length (default 24)
--force-new-cluster  Force create a new cluster from current state${SWARM_SPEC}`,
});
export const join = enteringCommand({
  use: "[OPTIONS] HOST:PORT",
  args: { min: 1, max: 1 },
  flags: `${NODE_FLAGS}\n--token string  Token for entry into the swarm`,
});

export const joinToken = managerCommand({
  use: "[OPTIONS] (worker|manager)",
  args: { min: 1, max: 1 },
  flags: "-q, --quiet  Only display token\n--rotate  Rotate join token",
  check({ args: [role] }) {
    if (role !== "worker" && role !== "manager") throw new StatusError(`unknown role ${role}`);
  },
});

export const leave = defineCommand({
  use: "[OPTIONS]",
  flags: flagLines("-f, --force  Force this node to leave the swarm, ignoring warnings"),
  args: { min: 0, max: 0 },
  async run({ flags }: SwarmOptions, context: CommandContext) {
    await (await context.client()).request("POST", "/swarm/leave", { query: { force: flags["force"] === true } });
    context.stdout.write("Node left the swarm.\n");
    return 0;
  },
});

export const unlock = managerCommand({
  use: "",
  args: { min: 0, max: 0 },
  async check(_options, context) {
    const info = (await (await context.client()).info()) as { readonly Swarm?: { readonly LocalNodeState?: string } };
    if ((info.Swarm?.LocalNodeState ?? "inactive") === "inactive") throw new StatusError("Error: This node is not part of a swarm");
  },
});
export const unlockKey = managerCommand({
  use: "[OPTIONS]",
  args: { min: 0, max: 0 },
  flags: "-q, --quiet  Only display token\n--rotate  Rotate unlock key",
  prefix: (_word, { flags }) => (flags["rotate"] === true ? "" : "could not fetch unlock key: "),
});
export const update: Command = managerCommand({
  use: "[OPTIONS]",
  args: { min: 0, max: 0 },
  flags: `--autolock  Change manager autolocking setting (true|false)${SWARM_SPEC}`,
  check({ given }, context) {
    if (given.size > 0) return;
    // Docker's answer to a line that changes nothing.
    context.stdout.write(
      commandHelp(
        context.commandPath,
        { name: "update", short: "Update the swarm", load: () => Promise.resolve({ command: update }) },
        update,
        {
          columns: context.stdout.columns,
        },
      ),
    );
    throw new StatusError("", 0);
  },
});

/** `init` and `join`: slipway's engines refuse both, and of another's swarm this client could show nothing, so nothing is entered. */
function enteringCommand(how: { readonly use: string; readonly args: Command["args"]; readonly flags: string }): Command {
  return defineCommand({
    use: how.use,
    args: how.args,
    flags: flagLines(how.flags),
    completes: ["none"],
    run({ flags }: SwarmOptions, context: CommandContext) {
      const availability = (flags["availability"] as string) || "active";
      if (!["active", "pause", "drain"].includes(availability))
        throw new StatusError(`invalid availability ${JSON.stringify(availability)}, only active, pause and drain are supported`);
      throw new StatusError(`docker ${context.commandPath}: not supported: slipway's engines and this client know no swarm mode`);
    },
  });
}
