import { StatusError } from "./cli-errors.ts";
import { argument, defineCommand } from "./command.ts";
import { bool, string } from "./flags/flags.ts";
import { forwardSignals } from "./session/forward-signals.ts";
import { exitCodeFrom } from "./session/attached-start.ts";
import { runStreamSession } from "./session/stream-session.ts";
import { followTerminalSize } from "./session/terminal-size.ts";

/** The output of a container that has ended is here within this time. */
const LAST_OUTPUT_MS = 2000;

/** `docker attach`: our streams become those of a running container; ends with its exit code. */
export const command = defineCommand({
  use: "[OPTIONS] CONTAINER",
  flags: {
    "detach-keys": string("Override the key sequence for detaching a container"),
    "no-stdin": bool("Do not attach STDIN"),
    "sig-proxy": bool("Proxy all received signals to the process", { initial: true }),
  },
  args: { min: 1, max: 1 },
  completes: ["running-containers"],
  async run(options, context) {
    const { flags } = options;
    const name = argument(options, 0);
    const client = await context.client();
    const container = await client.inspectContainer(name);
    const { State: state, Config: config, Id: id } = container;
    if (!state.Running) throw new StatusError("You cannot attach to a stopped container, start it first");
    if (state.Paused) throw new StatusError("You cannot attach to a paused container, unpause it first");
    if (state.Restarting) throw new StatusError("You cannot attach to a restarting container, wait until it is running");
    const tty = config.Tty ?? false;
    const stdin = !flags["no-stdin"] && (config.OpenStdin ?? false);
    if (tty && !flags["no-stdin"] && context.stdin.isTTY !== true) throw new StatusError("the input device is not a TTY");

    const cancel = new AbortController();
    const signal = AbortSignal.any([cancel.signal, context.signal]);
    const stopSignals = flags["sig-proxy"] && !tty ? forwardSignals(context, client, id) : (): void => undefined;
    let stopSize = (): void => undefined;
    try {
      const detachKeys = flags["detach-keys"];
      const [waiting, attached] = await Promise.all([
        client.waitContainer(id, "not-running", signal),
        client.attachContainer(id, { stream: true, stdin, stdout: true, stderr: true, detachKeys }, signal),
      ]);
      if (tty) stopSize = followTerminalSize(context, (size) => client.resizeContainer(id, size));
      const session = runStreamSession(attached.stream, { tty, stdin, detachKeys }, context);
      session.catch(() => undefined);
      // It may have ended before we were attached: then this is a session with its next run, which may never come.
      const { Running } = await client.inspectContainer(id).then(
        ({ State }) => State,
        () => ({ Running: false }),
      );
      if (!Running && !(await endsWithin(LAST_OUTPUT_MS, session))) {
        attached.stream.destroy();
        throw new StatusError("You cannot attach to a stopped container, start it first");
      }
      await session;
      return exitCodeFrom(await waiting.result);
    } finally {
      stopSize();
      stopSignals();
      cancel.abort();
    }
  },
});

async function endsWithin(ms: number, session: Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => (timer = setTimeout(() => resolve(false), ms)));
  const ended = session.then(
    () => true,
    () => true,
  );
  return await Promise.race([ended, late]).finally(() => clearTimeout(timer));
}
