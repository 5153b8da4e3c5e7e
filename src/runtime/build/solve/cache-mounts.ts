import { lstatSync, readdirSync } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import type { Cleanup } from "../../../base/cleanup.ts";
import type { BuildCacheRecord } from "../../../docker/api/types.ts";
import { removeTree } from "../../snapshots/remove-tree.ts";
import type { RunMount } from "./run-mount.ts";

/** Folders of `RUN --mount=type=cache` that steps of this engine have, or wait for. */
const claims = new Map<string, { turn: Promise<void>; users: number }>();

/**
 * Keeps a cache's folder from being pruned until `cleanup`, and gives the path to use: `locked` waits for the step that has it; `private`
 * takes another folder while somebody has it.
 */
export async function claimCache(folder: string, sharing: RunMount["sharing"], cleanup: Cleanup): Promise<string> {
  for (let number = 0; ; number++) {
    const path = number === 0 ? folder : `${folder}-${number}`;
    if (sharing === "private" && claims.has(path)) continue;
    const claim = claims.get(path) ?? { turn: Promise.resolve(), users: 0 };
    claims.set(path, claim);
    claim.users += 1;
    let release = (): void => {};
    const released = new Promise<void>((resolve) => (release = resolve));
    cleanup.defer(() => {
      claim.users -= 1;
      if (claim.users === 0) claims.delete(path);
      release();
    });
    if (sharing === "shared") return path;
    const before = claim.turn;
    claim.turn = before.then(() => released);
    await before;
    return path;
  }
}

/** The caches that there are, as records of the build cache. */
export async function cacheMounts(folder: string): Promise<readonly BuildCacheRecord[]> {
  const names = await readdir(folder).catch((): string[] => []);
  return await Promise.all(
    names.toSorted().map(async (name) => {
      const { birthtime, mtime } = await stat(join(folder, name));
      return {
        ID: idOf(name),
        Type: "exec.cachemount" as const,
        Description: "cached mount",
        InUse: claims.has(join(folder, name)),
        Shared: false,
        Size: sizeOf(join(folder, name)),
        CreatedAt: birthtime.toISOString(),
        LastUsedAt: mtime.toISOString(),
        UsageCount: 1,
      };
    }),
  );
}

/** Removes a cache by its record's id, unless a step has it. @returns whether it is gone. */
export async function removeCacheMount(folder: string, id: string): Promise<boolean> {
  const name = (await readdir(folder)).find((one) => idOf(one) === id);
  if (name === undefined || claims.has(join(folder, name))) return false;
  await removeTree(join(folder, name));
  return true;
}

function idOf(name: string): string {
  return basename(name).replace(/^([0-9a-f]{25})[0-9a-f]*/, "$1");
}

function sizeOf(path: string): number {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (!stats) return 0;
  if (!stats.isDirectory()) return stats.size;
  return readdirSync(path).reduce((sum, name) => sum + sizeOf(join(path, name)), 0);
}
