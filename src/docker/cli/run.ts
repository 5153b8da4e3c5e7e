import type { ContainerCreateRequest } from "../api/types.ts";
import type { UnixClient } from "../client/unix-client.ts";
import { startAttached } from "./session/attached-start.ts";
import { StatusError } from "./cli-errors.ts";
import { defineCommand, type CommandContext, type CommandOptions } from "./command.ts";
import { containerFlags } from "./container-request/container-flags.ts";
import { containerRequest } from "./container-request/container-request.ts";
import { createContainer } from "./container-request/create-container.ts";
import { flagError, runError } from "./container-request/container-errors.ts";
import { bool, string } from "./flags/flags.ts";
import { terminalSize } from "./session/terminal-size.ts";

const flags = {
  ...containerFlags,
  detach: bool("Run container in background and print container ID", { short: "d" }),
  "detach-keys": string("Override the key sequence for detaching a container"),
  "sig-proxy": bool("Proxy received signals to the process", { initial: true }),
};

type Options = CommandOptions<typeof flags>;

/** `docker run`: create, attach, start, and end with the container's exit code. */
export const command = defineCommand({
  use: "[OPTIONS] IMAGE [COMMAND] [ARG...]",
  flags,
  args: { min: 1 },
  interspersed: false,
  completes: ["images"],
  async run(options, context) {
    const request = await preparedRequest(options, context);
    const client = await context.client();
    const id = await createContainer(request, options, context).catch((error: unknown) => {
      throw runError(error);
    });
    return options.flags.detach ? runDetached(client, id, context) : runAttached(client, id, request, options, context);
  },
});

async function preparedRequest(options: Options, context: CommandContext): Promise<ContainerCreateRequest> {
  const request = await containerRequest(options, context).catch((error: unknown) => {
    throw flagError(error, "run");
  });
  if (options.flags.detach) {
    if (options.flags.attach.length > 0) throw new StatusError("conflicting options: cannot specify both --attach and --detach");
    return { ...request, AttachStdin: false, AttachStdout: false, AttachStderr: false, StdinOnce: false };
  }
  if (request.Tty && request.AttachStdin && context.stdin.isTTY !== true) throw new StatusError("the input device is not a TTY");
  const size = terminalSize(context);
  return size && request.Tty ? { ...request, HostConfig: { ...request.HostConfig, ConsoleSize: [size.height, size.width] } } : request;
}

async function runDetached(client: UnixClient, id: string, context: CommandContext): Promise<number> {
  try {
    await start(client, id, "");
  } finally {
    // Of one that cannot start, too: it is there until somebody removes it.
    context.stdout.write(`${id}\n`);
  }
  return 0;
}

async function runAttached(
  client: UnixClient,
  id: string,
  request: ContainerCreateRequest,
  { flags }: Options,
  context: CommandContext,
): Promise<number> {
  const tty = request.Tty ?? false;
  const streams = { stdin: request.AttachStdin ?? false, stdout: request.AttachStdout ?? false, stderr: request.AttachStderr ?? false };
  const { rm: removed, "detach-keys": detachKeys } = flags;
  const proxySignals = flags["sig-proxy"] && !tty;
  const startIt = (): Promise<void> => start(client, id, detachKeys);
  return await startAttached(client, { id, streams, tty, detachKeys, proxySignals, removed, start: startIt }, context);
}

async function start(client: UnixClient, id: string, detachKeys: string): Promise<void> {
  await client.startContainer(id, { detachKeys }).catch((error: unknown) => {
    throw runError(error);
  });
}
