import { lstat, rm, rmdir } from "node:fs/promises";
import { dirname } from "node:path";
import { Cleanup } from "../../../base/cleanup.ts";
import { InvalidArgumentError, messageOf } from "../../../base/errors.ts";
import type { BuildOptions } from "../../../docker/api/engine.ts";
import type { ImageRunConfig } from "../../../oci/image-config.ts";
import type { Image } from "../../images/images.ts";
import type { BuildHost, Tree } from "../build-host.ts";
import type { MountSpec } from "../../../oci/runtime-spec.ts";
import type { Vertex } from "./progress.ts";

export interface RunOrder {
  readonly image: Image;
  readonly config: ImageRunConfig;
  readonly env: readonly string[];
  readonly args: readonly string[];
  readonly mounts: readonly MountSpec[];
  readonly networkMode: string;
  readonly hostConfig: BuildOptions["hostConfig"];
  readonly vertex: Vertex;
  readonly signal: AbortSignal;
}

/** Runs a program of RUN in a container that nobody else sees, and hands its snapshot to `commit`; the container goes however that ends. */
export async function runCommand(host: BuildHost, order: RunOrder, commit: (snapshot: string) => Promise<void>): Promise<void> {
  const { config, args, mounts, vertex, signal } = order;
  signal.throwIfAborted();
  await using cleanup = new Cleanup();
  const id = await host.createContainer(
    {
      Image: order.image.id,
      Hostname: "buildkitsandbox",
      Cmd: args,
      Entrypoint: [],
      Env: order.env,
      User: config.User ?? "",
      WorkingDir: config.WorkingDir ?? "",
      HostConfig: {
        NetworkMode: order.networkMode === "" ? "default" : order.networkMode,
        ...order.hostConfig,
      },
    },
    { kind: "hidden", mounts },
  );
  cleanup.defer(() => host.removeContainer(id));
  const stubs = await withRootfs(host, id, (tree) => missingPlaces(host, tree, mounts));
  let exitCode: number;
  try {
    ({ exitCode } = await host.runContainer(id, { onOutput: (stream, chunk) => vertex.log(stream, chunk), signal }));
  } catch (error) {
    signal.throwIfAborted();
    // BuildKit's runc says itself why a program cannot be started, and ends with 1.
    const [, why] = /runc create failed: (.*?)(?:: unknown)?$/s.exec(messageOf(error)) ?? [];
    if (why === undefined) throw failed(args, messageOf(error));
    await vertex.log("stderr", Buffer.from(`runc run failed: ${why}\n`));
    throw failed(args, "exit code: 1");
  }
  signal.throwIfAborted();
  if (exitCode !== 0) throw failed(args, `exit code: ${exitCode}`);
  await withRootfs(host, id, async () => await removeStubs(stubs));
  await commit(id);
}

function failed(args: readonly string[], why: string): InvalidArgumentError {
  return new InvalidArgumentError(`process ${JSON.stringify(args.join(" "))} did not complete successfully: ${why}`);
}

async function withRootfs<T>(host: BuildHost, id: string, work: (tree: Tree) => Promise<T>): Promise<T> {
  const tree = await host.rootfsOf(id);
  try {
    return await work(tree);
  } finally {
    await tree.release();
  }
}

/** The places that are made only to mount something there, lowest last: they are no part of the layer. */
async function missingPlaces(host: BuildHost, tree: Tree, mounts: readonly MountSpec[]): Promise<readonly string[]> {
  const places: string[] = [];
  for (const { destination } of mounts) {
    const { path } = await host.resolve(tree.path, destination, { followLast: true });
    for (let at = path; at.length > tree.path.length && !(await lstat(at).catch(() => null)); at = dirname(at)) places.push(at);
  }
  return [...new Set(places)].toSorted((a, b) => a.length - b.length);
}

async function removeStubs(stubs: readonly string[]): Promise<void> {
  for (const path of stubs.toReversed()) {
    const stat = await lstat(path).catch(() => null);
    // What the program put there stays.
    if (stat?.isDirectory()) await rmdir(path).catch(() => undefined);
    else if (stat?.isFile() && stat.size === 0) await rm(path);
  }
}

/** The network that `RUN --network` asks for; empty for the build's own. @throws InvalidArgumentError */
export function networkOf(text: string): string {
  if (text === "" || text === "default") return "";
  if (text === "none" || text === "host") return text;
  throw new InvalidArgumentError(`unsupported network mode ${JSON.stringify(text)}`);
}
