import { startAttached } from "./session/attached-start.ts";
import { describeError, StatusError } from "./cli-errors.ts";
import { argument, defineCommand, type CommandContext } from "./command.ts";
import { bool, string } from "./flags/flags.ts";

/** `docker start`: many in the background, or one with our streams. */
export const command = defineCommand({
  use: "[OPTIONS] CONTAINER [CONTAINER...]",
  flags: {
    attach: bool("Attach STDOUT/STDERR and forward signals", { short: "a" }),
    checkpoint: string("Restore from this checkpoint", { hidden: true }),
    "checkpoint-dir": string("Use a custom checkpoint storage directory", { hidden: true }),
    "detach-keys": string("Override the key sequence for detaching a container"),
    interactive: bool("Attach container's STDIN", { short: "i" }),
  },
  args: { min: 1 },
  completes: ["containers"],
  async run(options, context) {
    const { flags, args, given } = options;
    const experimental = ["checkpoint", "checkpoint-dir"].filter((name) => given.has(name));
    if (experimental.length > 0) {
      const lines = experimental.map((name) => `"--${name}" is only supported on a Docker daemon with experimental features enabled`);
      throw new StatusError(lines.join("\n"));
    }
    if (flags.attach || flags.interactive) {
      if (args.length > 1) throw new StatusError("you cannot start and attach multiple containers at once");
      return startWithStreams(argument(options, 0), flags, context);
    }
    const client = await context.client();
    const failed: string[] = [];
    for (const name of args) {
      try {
        await client.startContainer(name);
        context.stdout.write(`${name}\n`);
      } catch (error) {
        context.stderr.write(`${describeError(error)}\n`);
        failed.push(name);
      }
    }
    if (failed.length > 0) throw new StatusError(`Error: failed to start containers: ${failed.join(", ")}`);
    return 0;
  },
});

async function startWithStreams(
  name: string,
  flags: { readonly interactive: boolean; readonly "detach-keys": string },
  context: CommandContext,
): Promise<number> {
  const client = await context.client();
  const { Id: id, Config: config, HostConfig: host } = await client.inspectContainer(name);
  const tty = config.Tty ?? false;
  const streams = { stdin: flags.interactive && (config.OpenStdin ?? false), stdout: true, stderr: true };
  const detachKeys = flags["detach-keys"];
  const start = (): Promise<void> => client.startContainer(id, { detachKeys });
  return await startAttached(
    client,
    { id, streams, tty, detachKeys, proxySignals: !tty, removed: host.AutoRemove ?? false, start },
    context,
  );
}
