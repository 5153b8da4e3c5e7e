import { mkdir, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import dockerignore from "@balena/dockerignore";
import { randomId } from "../../base/ids.ts";
import { InvalidArgumentError, messageOf } from "../../base/errors.ts";
import type { BuildHost, Tree } from "./build-host.ts";
import { copySources } from "./copy-files.ts";
import type { CopyPlan, PlannedSource } from "./copy-plan.ts";
import { contentName, findSources, findWithParents, type CopySource, type LeavesOut } from "./copy-sources.ts";
import { download } from "./download.ts";
import { ignoredInTime } from "./ignored-in-time.ts";

/** A COPY or ADD whose sources were found. */
export interface PreparedCopy {
  /** `file:HASH`, `dir:HASH` or `multi:HASH`: the same for the same content. */
  readonly content: string;
  /** Copies into a layer that is mounted there. */
  write(root: string): Promise<void>;
  /** Gives the sources back. */
  release(): Promise<void>;
}

export interface CopySurroundings {
  readonly host: BuildHost;
  readonly contextRoot: string;
  /** A folder of this build, for what is no file yet. */
  readonly folder: string;
  readonly signal: AbortSignal;
  /** The file system that `--from` names. */
  openFrom(name: string): Promise<Tree>;
  /**
   * Set where it is to be done as BuildKit does: `..` ends at the root, a pattern may find nothing, accounts that there are not are root,
   * and several files may go to one name. It is called when something is taken from the context.
   */
  readonly useContext?: () => Promise<void>;
}

/** Of one file that ADD reads from the network. */
const downloadLimit = 4 * 2 ** 30;

/** Finds what a plan names. @throws InvalidArgumentError with dockerd's texts. */
export async function prepareCopy(around: CopySurroundings, plan: CopyPlan): Promise<PreparedCopy> {
  const { host, contextRoot } = around;
  const { keyword, sources: planned, destination, from, chown, mode } = plan;
  const isForgiving = around.useContext !== undefined;
  if (from === null && planned.some(({ kind }) => kind === "path")) await around.useContext?.();
  const tree = from === null ? { path: contextRoot, release: async () => {} } : await around.openFrom(from);
  try {
    const sources: CopySource[] = [];
    for (const source of planned) sources.push(...(await sourcesOf(around, plan, source, tree.path)));
    if (sources.length === 0 && !isForgiving) throw new InvalidArgumentError(`${keyword} failed: no source files were specified`);
    if (sources.length > 1 && !destination.endsWith("/") && !isForgiving) {
      throw new InvalidArgumentError(
        `When using ${keyword} with more than one source file, the destination must be a directory and end with a /`,
      );
    }
    const leavesOut = exclusion(plan.excludes);
    return {
      content: await contentName(sources, leavesOut),
      async write(root) {
        // What comes from another image keeps its owners; the context has none.
        const owner = chown !== "" ? await ownerOf(host, root, chown, isForgiving) : from === null ? { uid: 0, gid: 0 } : null;
        await copySources(host, sources, { root, destination, owner, mode, unpacks: keyword === "ADD", leavesOut });
      },
      release: () => tree.release(),
    };
  } catch (error) {
    await tree.release();
    throw error;
  }
}

async function sourcesOf(around: CopySurroundings, plan: CopyPlan, source: PlannedSource, root: string): Promise<readonly CopySource[]> {
  const { host, signal } = around;
  const { keyword, destination, checksum } = plan;
  if (source.kind === "heredoc") return [await heredocSource(around.folder, source)];
  if (source.kind === "path") {
    const tree = { root, isContext: plan.from === null, isForgiving: around.useContext !== undefined };
    return plan.parents ? await findWithParents(host, source.name, tree) : await findSources(host, keyword, [source.name], tree);
  }
  const folder = join(around.folder, randomId());
  await mkdir(folder);
  const loaded = await download(source.address, { folder, checksum, limit: downloadLimit, signal });
  if (loaded.name === "" && destination.endsWith("/"))
    throw new InvalidArgumentError(`cannot determine filename from url: ${source.address}`);
  return [{ ...loaded, isDirectory: false, isMade: true }];
}

/** A here-document as a file that bears its name. */
async function heredocSource(folder: string, { name, content }: { readonly name: string; readonly content: string }): Promise<CopySource> {
  const path = join(folder, randomId());
  await writeFile(path, content, { mode: 0o644 });
  await utimes(path, 0, 0);
  return { name, path, isDirectory: false, isMade: true };
}

/** Whether `--exclude` leaves a path out, which is given below its source. */
function exclusion(patterns: readonly string[]): LeavesOut {
  if (patterns.length === 0) return () => false;
  const ignore = dockerignore.default({ ignorecase: false }).add([...patterns]);
  const isCostly = patterns.some((pattern) => pattern.split("*").length > 3);
  return isCostly ? (path) => ignoredInTime(ignore, path) : (path) => ignore.ignores(path);
}

async function ownerOf(host: BuildHost, root: string, chown: string, isForgiving: boolean): Promise<Owner> {
  const [user = "", group] = chown.split(":");
  try {
    // A group that is not said has the number of the user.
    return await host.owner(root, group === undefined && /^\d+$/.test(user) ? `${user}:${user}` : chown);
  } catch (error) {
    if (isForgiving && group === undefined) return { uid: 0, gid: 0 };
    if (isForgiving) {
      const { uid, gid } = await ownerOf(host, root, user, true);
      return await host.owner(root, `${uid}:${group}`).catch(() => ({ uid, gid }));
    }
    throw new InvalidArgumentError(`unable to convert uid/gid chown string to host mapping: ${messageOf(error)}`, { cause: error });
  }
}

interface Owner {
  readonly uid: number;
  readonly gid: number;
}
