import { rmSync } from "node:fs";
import { join } from "node:path";
import { Writable } from "node:stream";
import { callbackify } from "node:util";
import { randomId } from "../../base/ids.ts";
import { makeFolder } from "../../base/make-folder.ts";
import type { ChainId } from "../../oci/digest.ts";
import type { MountSpec } from "../../oci/runtime-spec.ts";
import type { BuildHost } from "../build/build-host.ts";
import { removeTree } from "../snapshots/remove-tree.ts";
import type { ContainerMount } from "../volumes/volumes.ts";
import { attachContainer } from "./attach.ts";
import { timestamp, type EngineContext } from "./context.ts";
import { createContainer } from "./create.ts";
import { RootfsMounts } from "./files/rootfs.ts";
import { removeContainer } from "./rm.ts";
import { resolveInRootfs } from "./files/scoped-path.ts";
import { parseSignal } from "./config/signals.ts";
import { startContainer } from "./start.ts";
import { userIn } from "./files/user-files.ts";
import { waitContainer } from "./wait.ts";

/** Builds by the engine's own containers, images and snapshots. */
export function buildHost(context: EngineContext): BuildHost {
  const { images, kernel, snapshotter, layout } = context;
  const chains = new Map<string, ChainId>();
  const folder = join(layout.root, "builds");
  // What builds left that an engine did not live to end.
  rmSync(folder, { recursive: true, force: true });
  const folderOf = (id: string): string => join(folder, id);
  const layers = new RootfsMounts({ folderOf, kernel, snapshotter });
  const views = new RootfsMounts({
    folderOf,
    kernel,
    snapshotter: { mounts: async (key) => await snapshotter.view(chains.get(key) as ChainId) },
  });
  return {
    images,
    kernel,
    now: () => timestamp(context),
    async temporaryFolder() {
      const path = folderOf(randomId());
      makeFolder(path);
      return { path, remove: () => removeTree(path) };
    },
    async layer(parent) {
      const key = randomId();
      await snapshotter.prepare(key, parent);
      try {
        const mounted = await layers.acquire(key);
        return {
          key,
          path: mounted.path,
          release: () => mounted.release(),
          async remove() {
            await mounted.release();
            layers.forget(key);
            await snapshotter.remove(key);
            await removeTree(folderOf(key));
          },
        };
      } catch (error) {
        await snapshotter.remove(key);
        throw error;
      }
    },
    async view(chainId) {
      // One mount each: two builds may look at the same image.
      const key = randomId();
      chains.set(key, chainId);
      const mounted = await views.acquire(key);
      return {
        path: mounted.path,
        async release() {
          await mounted.release();
          views.forget(key);
          chains.delete(key);
          await removeTree(folderOf(key));
        },
      };
    },
    async resolve(root, path, options) {
      const { path: real, stat } = await resolveInRootfs(root, path, options);
      return { path: real, exists: stat !== null, isDirectory: stat?.isDirectory() ?? false };
    },
    owner: (root, user) => userIn(root, user),
    async createContainer(request, { kind, mounts }) {
      const forBuild = { kind, mounts: mounts.map(ownMount) };
      return (await createContainer(context, request, { name: "", platform: "", forBuild })).Id;
    },
    async rootfsOf(id) {
      return await context.rootfs.acquire(id);
    },
    cacheFolder: layout.buildCache,
    limits: context.limits,
    async runContainer(id, { onOutput, signal }) {
      const options = { stream: true, logs: false, stdin: false, stdout: true, stderr: true, detachKeys: "" };
      const session = await attachContainer(context, id, options);
      const { result } = await waitContainer(context, id, "next-exit", new AbortController().signal);
      const output = session.run({ stdin: null, stdout: sink("stdout", onOutput), stderr: sink("stderr", onOutput), signal });
      output.catch(() => undefined);
      const kill = (): void => void removeContainer(context, id, { force: true, volumes: true }).catch(() => undefined);
      await startContainer(context, id);
      if (signal.aborted) kill();
      signal.addEventListener("abort", kill, { once: true });
      try {
        const { StatusCode } = await result;
        await output;
        return { exitCode: StatusCode };
      } finally {
        signal.removeEventListener("abort", kill);
      }
    },
    async removeContainer(id) {
      if (context.registry.all().some((container) => container.id === id)) {
        await removeContainer(context, id, { force: true, volumes: true });
      }
    },
    checkSignal: (signal) => void parseSignal(signal),
  };
}

/** A mount of the engine's own, which inspect does not show. */
function ownMount(spec: MountSpec): ContainerMount {
  const type = spec.type === "tmpfs" ? "tmpfs" : "bind";
  const point = {
    Type: type,
    Source: spec.source,
    Destination: spec.destination,
    Mode: "",
    RW: !spec.options.includes("ro"),
    Propagation: "",
  } as const;
  return { point, shown: false, spec, path: null, copyUp: false, anonymous: false };
}

function sink(name: "stdout" | "stderr", onOutput: (stream: "stdout" | "stderr", chunk: Buffer) => Promise<void>): Writable {
  const relay = callbackify((chunk: Buffer) => onOutput(name, chunk));
  return new Writable({ write: (chunk: Buffer, _, done) => relay(chunk, done) });
}
