import type { Duplex } from "node:stream";
import { messageOf } from "../../../base/errors.ts";
import { UnixClient } from "../../client/unix-client.ts";
import { runDocker } from "../main.ts";
import { Caller } from "./caller.ts";
import { parseCommandLine } from "./command-line.ts";

/**
 * Runs a docker command in the stead of the `docker.pl` at the other end of `socket`: all that the command touches is that one's, over the
 * connection. Resolves when the last word is said; the connection is then the caller's to close. A caller that goes away ends its command.
 * @param line what `parseCommandLine` reads.
 * @param engineSocket where the caller's engine listens for us.
 * @param connect a connection to it within this process.
 */
export async function serveCommand(line: Buffer, socket: Duplex, engineSocket: string, connect: () => Duplex): Promise<void> {
  const { cwd, argv, env } = parseCommandLine(line);
  const caller = new Caller(socket);
  const gone = new AbortController();
  const listening = caller.listen().catch(() => undefined);
  void listening.then(() => gone.abort());
  const host = env["DOCKER_HOST"] ?? "";
  try {
    const exitCode = await runDocker(argv, {
      stdin: caller.stdin,
      stdout: caller.stdout,
      stderr: caller.stderr,
      files: caller.files,
      signal: gone.signal,
      env,
      cwd,
      // A caller with a configuration of its own runs its commands itself.
      configFolder: "",
      ownProcess() {
        caller.handBack();
      },
      onSignal: (name, handler) => caller.onSignal(name, handler),
      defaultHost: () => Promise.resolve(host),
      connect: async (address) => {
        if (address !== host) caller.handBack();
        return new UnixClient(`unix://${engineSocket}`, gone.signal, connect);
      },
    });
    caller.exit(exitCode);
  } catch (error) {
    caller.stderr.write(`${messageOf(error)}\n`);
    caller.exit(1);
  }
}
