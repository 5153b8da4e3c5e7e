import { createHash } from "node:crypto";
import { chmod, lchown, mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Cleanup } from "../../../base/cleanup.ts";
import { NotFoundError } from "../../../base/errors.ts";
import { randomId } from "../../../base/ids.ts";
import type { Heredoc } from "../../../oci/dockerfile/split-instructions.ts";
import type { MountSpec } from "../../../oci/runtime-spec.ts";
import type { BuildHost, Tree } from "../build-host.ts";
import { contentName } from "../copy-sources.ts";
import { copySources } from "../copy-files.ts";
import { removeTree } from "../../snapshots/remove-tree.ts";
import { claimCache } from "./cache-mounts.ts";
import type { RunMount } from "./run-mount.ts";

export interface MountSurroundings {
  readonly host: BuildHost;
  /** Of this build, for files that are mounted. */
  readonly folder: string;
  readonly contextRoot: string;
  readonly secret: (id: string) => Promise<Buffer | null>;
  readonly openFrom: (name: string) => Promise<Tree>;
}

/** Mounts and variables of a step; `release` gives back what they are of. */
export interface PreparedMounts {
  readonly mounts: readonly MountSpec[];
  readonly env: readonly string[];
}

/** What of a step's mounts decides whether it has to be run again: of a bind the content, of the others only how they are mounted. */
export async function mountsKey(around: MountSurroundings, mounts: readonly RunMount[]): Promise<readonly string[]> {
  const keys: string[] = [];
  for (const mount of mounts) {
    const { type, target, id, from, source, size, env } = mount;
    if (type !== "bind") keys.push(JSON.stringify([type, target, id, from, source, size, env]));
    else {
      const { tree, path, isDirectory } = await openSource(around, mount);
      try {
        keys.push(JSON.stringify([type, target, mount.readonly, await contentName([{ name: source, path, isDirectory }])]));
      } finally {
        await tree.release();
      }
    }
  }
  return keys;
}

/** Makes the mounts ready, and hands what undoes them to `cleanup`. @throws NotFoundError for a source, or a secret that is required. */
export async function prepareMounts(
  around: MountSurroundings,
  wanted: readonly RunMount[],
  script: Heredoc | null,
  cleanup: Cleanup,
): Promise<PreparedMounts> {
  const mounts: MountSpec[] = [];
  const env: string[] = [];
  if (script) {
    const path = join(around.folder, randomId());
    await writeFile(path, script.content);
    await chmod(path, 0o755);
    cleanup.defer(() => rm(path, { force: true }));
    mounts.push({ destination: `/dev/pipes/${script.name}`, type: "bind", source: path, options: ["rbind", "ro"] });
  }
  const bind = (destination: string, source: string, access: "ro" | "rw"): void =>
    void mounts.push({ destination, type: "bind", source, options: ["rbind", access] });
  for (const mount of wanted) {
    const { type, target, size } = mount;
    const access = mount.readonly ? "ro" : "rw";
    if (type === "cache") bind(target, await cacheFolder(around, mount, cleanup), access);
    else if (type === "bind") bind(target, await boundPath(around, mount, cleanup), access);
    else if (type === "tmpfs")
      mounts.push({ destination: target, type: "tmpfs", source: "tmpfs", options: size > 0 ? [`size=${size}`] : [] });
    else {
      const value = await around.secret(mount.id);
      if (value === null && mount.required) throw new NotFoundError(`secret ${mount.id}: not found`);
      if (value === null) continue;
      if (mount.env !== "") env.push(`${mount.env}=${value.toString()}`);
      if (target !== "") bind(target, await secretFile(around, mount, value, cleanup), "ro");
    }
  }
  return { mounts, env };
}

async function openSource(
  { host, contextRoot, openFrom }: MountSurroundings,
  { from, source }: RunMount,
): Promise<{ readonly tree: Tree; readonly path: string; readonly isDirectory: boolean }> {
  const tree = from === "" ? { path: contextRoot, release: async () => {} } : await openFrom(from);
  try {
    const place = await host.resolve(tree.path, source === "" ? "/" : source, { followLast: true });
    if (!place.exists)
      throw new NotFoundError(`failed to compute cache key: ${JSON.stringify(`/${source.replace(/^\/+/, "")}`)}: not found`);
    return { tree, path: place.path, isDirectory: place.isDirectory };
  } catch (error) {
    await tree.release();
    throw error;
  }
}

/** What is written to a bind mount that may be written to is gone after the step: the step has a copy. */
async function boundPath(around: MountSurroundings, mount: RunMount, cleanup: Cleanup): Promise<string> {
  const { tree, path, isDirectory } = await openSource(around, mount);
  cleanup.defer(() => tree.release());
  if (mount.readonly) return path;
  const copy = join(around.folder, randomId());
  cleanup.defer(() => removeTree(copy));
  const destination = copy.slice(around.folder.length) + (isDirectory ? "/" : "");
  const order = { root: around.folder, destination, owner: null, mode: null, unpacks: false };
  await copySources(around.host, [{ name: "source", path, isDirectory }], order);
  return copy;
}

/** In the build's own folder, and only while the step runs. */
async function secretFile({ folder }: MountSurroundings, { mode, uid, gid }: RunMount, value: Buffer, cleanup: Cleanup): Promise<string> {
  const path = join(folder, randomId());
  await writeFile(path, value, { mode: 0o600 });
  cleanup.defer(() => rm(path, { force: true }));
  await lchown(path, uid, gid);
  await chmod(path, mode);
  return path;
}

async function cacheFolder(around: MountSurroundings, mount: RunMount, cleanup: Cleanup): Promise<string> {
  const { host } = around;
  const name = createHash("sha256")
    .update(JSON.stringify([mount.id, mount.from, mount.source]))
    .digest("hex");
  const path = await claimCache(join(host.cacheFolder, name), mount.sharing, cleanup);
  const isNew = (await mkdir(path, { recursive: true })) !== undefined;
  if (!isNew) return path;
  await lchown(path, mount.uid, mount.gid);
  await chmod(path, mount.mode);
  if (mount.from === "") return path;
  const source = await openSource(around, mount);
  try {
    await copySources(host, [{ name: "seed", ...source }], { root: path, destination: "/", owner: null, mode: null, unpacks: false });
  } finally {
    await source.tree.release();
  }
  return path;
}
