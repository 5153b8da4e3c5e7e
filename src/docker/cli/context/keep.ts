import { StatusError } from "../cli-errors.ts";
import { argument, defineCommand, type Command, type CommandContext, type CommandOptions } from "../command.ts";
import { flagLines } from "../flags/flag-lines.ts";
import { readFileStream } from "../files/file-streams.ts";
import type { FlagSet } from "../flags/flags.ts";
import { checkContextName, checkNewContextName } from "./context-name.ts";

type Options = CommandOptions<FlagSet>;

const endpointConfig = (verb: string): string => `${verb} a context

Docker endpoint config:

NAME                DESCRIPTION
from                Copy named context's Docker endpoint configuration
host                Docker endpoint on which to connect
ca                  Trust certs signed only by this CA
cert                Path to TLS certificate file
key                 Path to TLS key file
skip-tls-verify     Skip TLS certificate validation

Example:

$ docker context ${verb.toLowerCase()} my-context --description "some description" --docker "host=tcp://myserver:2376,ca=~/ca-file,cert=~/cert-file,key=~/key-file"`;

const ENDPOINT = "--description string  Description of the context\n--docker stringToString  set the docker endpoint (default [])";

/** There is one context, `default`, which no client changes; other names are refused as docker refuses them, or plainly where it would not. */
const keeping = (
  how: Pick<Command, "use" | "args"> & { readonly long?: string; readonly flags?: string },
  check: (options: Options, context: CommandContext) => void | Promise<void>,
): Command =>
  defineCommand({
    use: how.use,
    args: how.args,
    ...(how.long !== undefined && { long: how.long }),
    flags: flagLines(how.flags ?? ""),
    completes: ["none"],
    async run(options: Options, context: CommandContext) {
      await check(options, context);
      throw new StatusError(
        `docker ${context.commandPath}: not supported: there is the default context alone; another engine is chosen with --host or DOCKER_HOST`,
      );
    },
  });

export const create = keeping(
  {
    use: "[OPTIONS] CONTEXT",
    args: { min: 1, max: 1 },
    long: endpointConfig("Create"),
    flags: `${ENDPOINT}\n--from string  create context from a named context`,
  },
  (options) => checkNewContextName(argument(options, 0)),
);
export const update = keeping(
  { use: "[OPTIONS] CONTEXT", args: { min: 1, max: 1 }, long: endpointConfig("Update"), flags: ENDPOINT },
  (options, context) => {
    const name = argument(options, 0);
    checkNewContextName(name);
    checkContextName(name, context);
  },
);
export const rm = keeping(
  { use: "CONTEXT [CONTEXT...]", args: { min: 1 }, flags: "-f, --force  Force the removal of a context in use" },
  ({ args, flags }, context) => {
    const complaints: string[] = [];
    for (const name of args) {
      if (name === "default") complaints.push('context "default" cannot be removed');
      else if (flags["force"] === true) context.stdout.write(`${name}\n`);
      else complaints.push(`context ${JSON.stringify(name)} does not exist`);
    }
    throw new StatusError(complaints.join("\n"), complaints.length > 0 ? 1 : 0);
  },
);
export const exportContext = keeping({ use: "[OPTIONS] CONTEXT [FILE|-]", args: { min: 1, max: 2 } }, (options, context) =>
  checkContextName(argument(options, 0), context),
);
export const importContext = keeping({ use: "CONTEXT FILE|-", args: { min: 2, max: 2 } }, async (options, context) => {
  checkNewContextName(argument(options, 0));
  const file = argument(options, 1);
  if (file !== "-") (await readFileStream(file, context)).destroy();
});
