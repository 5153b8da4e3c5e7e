import { StatusError } from "../cli-errors.ts";
import type { CommandContext } from "../command.ts";
import { readFileStream } from "../files/file-streams.ts";
import { managerCommand, type SwarmOptions } from "./ask-manager.ts";
import { TASK_FLAGS } from "./task-flags.ts";

const COMPOSE_FILE = '-c, --compose-file strings  Path to a Compose file, or "-" to read from stdin';

/** `docker stack …` */
export const config = managerCommand({
  use: "[OPTIONS]",
  args: { min: 0, max: 0 },
  flags: `${COMPOSE_FILE}\n--skip-interpolation  Skip interpolation and output only merged config`,
  async check(options, context) {
    await openComposeFiles(options, context);
    throw new StatusError("docker stack config: not supported by this client, which reads no compose files");
  },
});
export const deploy = managerCommand({
  use: "[OPTIONS] STACK",
  args: { min: 1, max: 1 },
  flags: `
${COMPOSE_FILE}
-d, --detach  Exit immediately instead of waiting for the stack services to converge (default true)
--prune  Prune services that are no longer referenced
-q, --quiet  Suppress progress output
--resolve-image string  Query the registry to resolve image digest and supported platforms ("always", "changed", "never") (default "always")
--with-registry-auth  Send registry authentication details to Swarm agents`,
  async check(options, context) {
    checkNames(options);
    await openComposeFiles(options, context);
    if (!options.given.has("detach")) {
      context.stderr.write(
        "Since --detach=false was not specified, tasks will be created in the background.\nIn a future release, --detach=false will become the default.\n",
      );
    }
    const info = (await (await context.client()).info()) as { readonly Swarm?: { readonly ControlAvailable?: boolean } };
    if (info.Swarm?.ControlAvailable !== true) {
      throw new StatusError(
        'this node is not a swarm manager. Use "docker swarm init" or "docker swarm join" to connect this node to swarm and try again',
      );
    }
  },
});
export const ls = managerCommand({ use: "[OPTIONS]", args: { min: 0, max: 0 }, format: "table" });
export const ps = managerCommand({
  use: "[OPTIONS] STACK",
  args: { min: 1, max: 1 },
  flags: TASK_FLAGS,
  format: "table",
  check: checkNames,
});
export const rm = managerCommand({
  use: "[OPTIONS] STACK [STACK...]",
  args: { min: 1 },
  flags: "-d, --detach  Do not wait for stack removal (default true)",
  check: checkNames,
});
export const services = managerCommand({
  use: "[OPTIONS] STACK",
  args: { min: 1, max: 1 },
  flags: "-f, --filter filter  Filter output based on conditions provided\n-q, --quiet  Only display IDs",
  format: "table",
  check: checkNames,
});

function checkNames({ args }: SwarmOptions): void {
  for (const name of args) if (name.trim() === "") throw new StatusError(`invalid stack name: ${JSON.stringify(name)}`);
}

async function openComposeFiles({ flags }: SwarmOptions, context: CommandContext): Promise<void> {
  const names = flags["compose-file"] as readonly string[];
  if (names.length === 0) throw new StatusError("Specify a Compose file (with --compose-file)");
  for (const name of names.filter((each) => each !== "-")) (await readFileStream(name, context)).destroy();
}
