import { homedir } from "node:os";
import { runDocker } from "../docker/cli/main.ts";

/**
 * Runs one docker command line with this process's streams, and ends the process with its exit code.
 * @param defaultHost gives the address to use when the line and DOCKER_HOST name none.
 */
export async function runDockerProgram(argv: readonly string[], defaultHost: () => Promise<string>): Promise<never> {
  for (const stream of [process.stdout, process.stderr]) {
    // `docker ps | head -1`: nobody reads on, and that is no error of ours.
    stream.on("error", (error: NodeJS.ErrnoException) => process.exit(error.code === "EPIPE" ? 0 : 1));
  }
  const exitCode = await runDocker(argv, {
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    signal: new AbortController().signal,
    env: process.env,
    cwd: process.cwd(),
    home: homedir(),
    defaultHost,
    connect: async (host) => new (await import("../docker/client/unix-client.ts")).UnixClient(host),
    onSignal(name, handler) {
      process.on(name, handler);
      return () => process.off(name, handler);
    },
  });
  await Promise.all([process.stdout, process.stderr].map((stream) => new Promise((resolve) => stream.write("", resolve))));
  process.exit(exitCode);
}
