import { describeError, StatusError } from "./cli-errors.ts";
import { argument, defineCommand, type CommandContext } from "./command.ts";
import { bool, string } from "./flags.ts";
import { forwardSignals } from "./forward-signals.ts";
import { exitCodeFrom } from "./run.ts";
import { DetachedError, runStreamSession } from "./stream-session.ts";
import { followTerminalSize } from "./terminal-size.ts";

/** `docker start`: many in the background, or one with our streams. */
export const command = defineCommand({
  use: "[OPTIONS] CONTAINER [CONTAINER...]",
  flags: {
    attach: bool("Attach STDOUT/STDERR and forward signals", { short: "a" }),
    "detach-keys": string("Override the key sequence for detaching a container"),
    interactive: bool("Attach container's STDIN", { short: "i" }),
  },
  args: { min: 1 },
  completes: ["containers"],
  async run(options, context) {
    const { flags, args } = options;
    if (flags.attach || flags.interactive) {
      if (args.length > 1) throw new StatusError("you cannot start and attach multiple containers at once");
      return startAttached(argument(options, 0), flags, context);
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

async function startAttached(
  name: string,
  flags: { readonly interactive: boolean; readonly "detach-keys": string },
  context: CommandContext,
): Promise<number> {
  const client = await context.client();
  const { Id: id, Config: config, HostConfig: host } = await client.inspectContainer(name);
  const tty = config.Tty ?? false;
  const stdin = flags.interactive && (config.OpenStdin ?? false);
  const detachKeys = flags["detach-keys"];
  const cancel = new AbortController();
  const signal = AbortSignal.any([cancel.signal, context.signal]);
  const stopSignals = tty ? (): void => undefined : forwardSignals(context, client, id);
  let stopSize = (): void => undefined;
  try {
    const [attached, waiting] = await Promise.all([
      client.attachContainer(id, { stream: true, stdin, stdout: true, stderr: true, detachKeys }, signal),
      client.waitContainer(id, host.AutoRemove ? "removed" : "next-exit", signal),
    ]);
    const session = runStreamSession(attached.stream, { tty, stdin, detachKeys }, context);
    session.catch(() => undefined);
    await client.startContainer(id, { detachKeys }).catch((error: unknown) => {
      attached.stream.destroy();
      throw error;
    });
    if (tty) stopSize = followTerminalSize(context, (size) => client.resizeContainer(id, size));
    try {
      await session;
    } catch (error) {
      if (error instanceof DetachedError) return 0;
      throw error;
    }
    return exitCodeFrom(await waiting.result);
  } finally {
    stopSize();
    stopSignals();
    cancel.abort();
  }
}
