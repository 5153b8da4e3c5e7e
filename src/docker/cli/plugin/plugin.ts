import { describeError, StatusError } from "../cli-errors.ts";
import { argument, defineCommand, forEachName, type Command, type CommandContext, type CommandOptions } from "../command.ts";
import { flagLines } from "../flags/flag-lines.ts";
import { FORMAT_USAGE } from "../flags/flag-usage-texts.ts";
import { string, type FlagSet } from "../flags/flags.ts";
import { inspectObjects } from "../inspect-objects.ts";
import { apiPath, type Query } from "../../client/transport.ts";

/** `docker plugin …`, but for `ls` and `create`. */
export const inspect = defineCommand({
  use: "[OPTIONS] PLUGIN [PLUGIN...]",
  flags: { format: string(FORMAT_USAGE, { short: "f" }) },
  args: { min: 1 },
  completes: ["none"],
  async run({ flags, args }, context) {
    const client = await context.client();
    const look = async (name: string) => ({ type: "types.Plugin", json: await client.request("GET", apiPath`/plugins/${name}/json`) });
    return inspectObjects(args, flags.format, look, context);
  },
});

export const rm = defineCommand({
  use: "[OPTIONS] PLUGIN [PLUGIN...]",
  flags: flagLines("-f, --force  Force the removal of an active plugin"),
  args: { min: 1 },
  completes: ["none"],
  async run({ args, flags }: Options, context: CommandContext) {
    const client = await context.client();
    const remove = async (name: string): Promise<void> => {
      await client.request("DELETE", apiPath`/plugins/${name}`, { query: { force: flags["force"] === true } });
      context.stdout.write(`${name}\n`);
    };
    return forEachName(args, context, remove, describeError);
  },
});

export const enable = defineCommand({
  use: "[OPTIONS] PLUGIN",
  flags: flagLines("--timeout int  HTTP client timeout (in seconds) (default 30)"),
  args: { min: 1, max: 1 },
  completes: ["none"],
  async run(options: Options, context: CommandContext) {
    const timeout = options.given.has("timeout") ? Number(options.flags["timeout"]) : 30;
    if (timeout < 0) throw new StatusError(`negative timeout ${timeout} is invalid`);
    return turn("enable", { timeout }, options, context);
  },
});

export const disable = defineCommand({
  use: "[OPTIONS] PLUGIN",
  flags: flagLines("-f, --force  Force the disable of an active plugin"),
  args: { min: 1, max: 1 },
  completes: ["none"],
  run: (options: Options, context: CommandContext) => turn("disable", { force: options.flags["force"] === true }, options, context),
});

export const set = defineCommand({
  use: "PLUGIN KEY=VALUE [KEY=VALUE...]",
  flags: {},
  args: { min: 2 },
  completes: ["none"],
  async run(options, context) {
    await (await context.client()).request("POST", apiPath`/plugins/${argument(options, 0)}/set`, { json: options.args.slice(1) });
    return 0;
  },
});

export const push = registryCommand({
  use: "[OPTIONS] PLUGIN[:TAG]",
  args: { min: 1, max: 1 },
  flags: "--disable-content-trust  Skip image signing (default true)",
  ask: (name) => apiPath`/plugins/${/:[^/]*$/.test(name) ? name : `${name}:latest`}/json`,
});
const PERMISSIONS = `
--disable-content-trust  Skip image verification (default true)
--grant-all-permissions  Grant all permissions necessary to run the plugin`;
export const upgrade = registryCommand({
  use: "[OPTIONS] PLUGIN [REMOTE]",
  args: { min: 1, max: 2 },
  flags: `${PERMISSIONS}\n--skip-remote-check  Do not check if specified remote plugin matches existing plugin image`,
  ask: (name) => apiPath`/plugins/${name}/json`,
  prefix: "error reading plugin data: ",
});
export const install = registryCommand({
  use: "[OPTIONS] PLUGIN [KEY=VALUE...]",
  args: { min: 1 },
  flags: `--alias string  Local name for plugin\n--disable  Do not enable the plugin on install${PERMISSIONS}`,
  ask: (name) => `/plugins/privileges?remote=${encodeURIComponent(name)}`,
});

type Options = CommandOptions<FlagSet>;

async function turn(way: "enable" | "disable", query: Query, options: Options, context: CommandContext): Promise<0> {
  const name = argument(options, 0);
  await (await context.client()).request("POST", apiPath`/plugins/${name}/${way}`, { query });
  context.stdout.write(`${name}\n`);
  return 0;
}

/** What goes to a registry or comes from one: the engine is asked what docker asks it first, and nothing is moved. */
function registryCommand(how: {
  readonly use: string;
  readonly args: Command["args"];
  readonly flags: string;
  readonly ask: (name: string) => string;
  readonly prefix?: string;
}): Command {
  return defineCommand({
    use: how.use,
    args: how.args,
    flags: flagLines(how.flags),
    completes: ["none"],
    async run(options: Options, context: CommandContext) {
      try {
        await (await context.client()).request("GET", how.ask(argument(options, 0)));
      } catch (error) {
        throw new StatusError((how.prefix ?? "") + describeError(error));
      }
      throw new StatusError(`docker ${context.commandPath}: not supported by this client, which moves no plugins to or from registries`);
    },
  });
}
