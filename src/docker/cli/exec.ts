import { StatusError } from "./cli-errors.ts";
import { argument, defineCommand } from "./command.ts";
import { checkEnv } from "./container-request/container-flag-values.ts";
import { readKeyValueFiles, withValues } from "./container-request/env-file.ts";
import { bool, list, string } from "./flags/flags.ts";
import { runStreamSession } from "./session/stream-session.ts";
import { followTerminalSize, terminalSize } from "./session/terminal-size.ts";

/** `docker exec`: one more command in a running container; ends with its exit code. */
export const command = defineCommand({
  use: "[OPTIONS] CONTAINER COMMAND [ARG...]",
  flags: {
    detach: bool("Detached mode: run command in the background", { short: "d" }),
    "detach-keys": string("Override the key sequence for detaching a container"),
    env: list("Set environment variables", { short: "e", check: checkEnv }),
    "env-file": list("Read in a file of environment variables"),
    interactive: bool("Keep STDIN open even if not attached", { short: "i" }),
    privileged: bool("Give extended privileges to the command"),
    tty: bool("Allocate a pseudo-TTY", { short: "t" }),
    user: string('Username or UID (format: "<name|uid>[:<group|gid>]")', { short: "u" }),
    workdir: string("Working directory inside the container", { short: "w" }),
  },
  args: { min: 2 },
  interspersed: false,
  completes: ["running-containers"],
  async run(options, context) {
    const { flags, args } = options;
    const name = argument(options, 0);
    const fromFiles = await readKeyValueFiles(flags["env-file"], context);
    const client = await context.client();
    // A container that is not there is told before a terminal that is none, as docker does.
    await client.inspectContainer(name);
    const attached = !flags.detach;
    if (attached && flags.tty && flags.interactive && context.stdin.isTTY !== true) throw new StatusError("the input device is not a TTY");
    const size = flags.tty ? terminalSize(context) : null;
    const { Id: id } = await client.createExec(name, {
      User: flags.user,
      Privileged: flags.privileged,
      Tty: flags.tty,
      AttachStdin: attached && flags.interactive,
      AttachStdout: attached,
      AttachStderr: attached,
      DetachKeys: flags["detach-keys"],
      Env: withValues([...fromFiles, ...flags.env], context.env),
      WorkingDir: flags.workdir,
      Cmd: args.slice(1),
      ...(size && { ConsoleSize: [size.height, size.width] as const }),
    });
    if (flags.detach) {
      await client.startExecDetached(id);
      return 0;
    }
    const { stream } = await client.startExec(id, { tty: flags.tty, consoleSize: size }, context.signal);
    const stopSize = flags.tty ? followTerminalSize(context, (now) => client.resizeExec(id, now)) : (): void => undefined;
    try {
      await runStreamSession(stream, { tty: flags.tty, stdin: flags.interactive, detachKeys: flags["detach-keys"] }, context);
    } finally {
      stopSize();
    }
    return (await client.inspectExec(id)).ExitCode ?? 0;
  },
});
