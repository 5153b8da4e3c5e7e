import { homedir } from "node:os";
import { localFiles } from "../docker/cli/files/local-files.ts";
import { runDocker } from "../docker/cli/main.ts";

/**
 * Runs one docker command line with this process's streams, and ends the process with its exit code.
 * @param defaultHost gives the address to use when the line and DOCKER_HOST name none.
 */
export async function runDockerProgram(argv: readonly string[], defaultHost: () => Promise<string>): Promise<never> {
  const exitCode = await runDocker(argv, {
    // Node opens its standard streams when they are first used, which takes a while: most commands never read.
    get stdin() {
      return rawThroughout(process.stdin);
    },
    get stdout() {
      return watched(process.stdout);
    },
    get stderr() {
      return watched(process.stderr);
    },
    signal: new AbortController().signal,
    env: process.env,
    cwd: process.cwd(),
    files: localFiles(process.cwd()),
    ownProcess: () => undefined,
    configFolder: process.env["DOCKER_CONFIG"] || `${homedir()}/.docker`,
    defaultHost,
    connect: async (host) => new (await import("../docker/client/unix-client.ts")).UnixClient(host),
    onSignal(name, handler) {
      process.on(name, handler);
      return () => process.off(name, handler);
    },
  });
  await Promise.all([...used].map((stream) => new Promise((resolve) => stream.write("", resolve))));
  process.exit(exitCode);
}

const used = new Set<NodeJS.WriteStream>();

/** `docker ps | head -1`: nobody reads on, and that is no error of ours. */
function watched(stream: NodeJS.WriteStream): NodeJS.WriteStream {
  if (!used.has(stream)) {
    used.add(stream);
    stream.on("error", (error: NodeJS.ErrnoException) => process.exit(error.code === "EPIPE" ? 0 : 1));
  }
  return stream;
}

let patched = false;

/** Node's raw mode still has the terminal put a carriage return before each newline, which is the container's terminal's to do. */
function rawThroughout(stdin: NodeJS.ReadStream): NodeJS.ReadStream {
  if (stdin.isTTY && !patched) {
    patched = true;
    const setRawMode = stdin.setRawMode.bind(stdin);
    stdin.setRawMode = (raw) => {
      setRawMode(raw);
      // Leaving raw mode restores everything. Loaded now, for only terminals need it.
      if (raw) process.getBuiltinModule("node:child_process").spawnSync("stty", ["-opost"], { stdio: ["inherit", "ignore", "ignore"] });
      return stdin;
    };
  }
  return stdin;
}
