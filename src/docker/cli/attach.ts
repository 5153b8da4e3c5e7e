import { StatusError } from "./cli-errors.ts";
import { argument, defineCommand } from "./command.ts";
import { bool, string } from "./flags/flags.ts";
import { forwardSignals } from "./session/forward-signals.ts";
import { exitCodeFrom } from "./session/attached-start.ts";
import { runStreamSession } from "./session/stream-session.ts";
import { followTerminalSize } from "./session/terminal-size.ts";

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
      await runStreamSession(attached.stream, { tty, stdin, detachKeys }, context);
      return exitCodeFrom(await waiting.result);
    } finally {
      stopSize();
      stopSignals();
      cancel.abort();
    }
  },
});
