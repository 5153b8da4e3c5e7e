import { PassThrough, Writable } from "node:stream";
import { localFiles } from "../../src/docker/cli/files/local-files.ts";
import { runDocker } from "../../src/docker/cli/main.ts";
import type { UnixClient } from "../../src/docker/client/unix-client.ts";

export interface Outcome {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs one docker command line in this process, against a client that has just these methods. */
export async function runDockerWith(
  client: Partial<UnixClient>,
  argv: readonly string[],
  options: { readonly stdin?: string; readonly env?: Readonly<Record<string, string>>; readonly home?: string } = {},
): Promise<Outcome> {
  const stdin = new PassThrough();
  stdin.end(options.stdin ?? "");
  const stdout = new Collector();
  const stderr = new Collector();
  const exitCode = await runDocker(argv, {
    stdin,
    stdout,
    stderr,
    signal: new AbortController().signal,
    env: options.env ?? {},
    cwd: "/",
    files: localFiles("/"),
    ownProcess: () => undefined,
    configFolder: `${options.home ?? "/nonexistent"}/.docker`,
    defaultHost: () => Promise.resolve("unix:///var/run/docker.sock"),
    connect: () => Promise.resolve(client as UnixClient),
    onSignal: () => () => undefined,
  });
  return { exitCode, stdout: stdout.text, stderr: stderr.text };
}

class Collector extends Writable {
  text = "";

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString();
    done();
  }
}
