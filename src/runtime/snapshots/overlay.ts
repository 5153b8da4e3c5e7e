import { randomBytes } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { ConflictError, hasErrno, NotFoundError } from "../../base/errors.ts";
import { hexOf, type ChainId } from "../../oci/digest.ts";
import { defaultUnpackLimits, type UnpackLimits } from "../../oci/tar/unpack-limits.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { applyTar } from "./apply.ts";
import { changesOf } from "./changes.ts";
import { directorySize } from "./directory-size.ts";
import { makeInitLayer } from "./init-layer.ts";
import { LayerFolder, type Layer } from "./layer-folder.ts";
import type { Change, Mount, SnapshotKey, Snapshotter } from "./snapshotter.ts";
import { removeTree } from "./remove-tree.ts";
import { tarOfDirectory, tarOfMerged } from "./tar-of-directory.ts";

/** mount(2)'s data is one page. */
const mountDataLimit = 4000;

interface Active {
  readonly dir: string;
  readonly parent: ChainId | null;
}

/**
 * Snapshots as overlayfs's own directories: a committed one is a lower directory, an active one is `upper` and `work`. Layers are looked
 * up in the root's own folder and then in one that roots share and only read.
 */
export class OverlaySnapshotter implements Snapshotter {
  readonly #dir: string;
  readonly #kernel: Kernel;
  readonly #limits: UnpackLimits;
  readonly #own: LayerFolder;
  readonly #shared: LayerFolder | null;
  readonly #active = new Map<SnapshotKey, Active>();
  /** Bytes of what was just unpacked, where its unpacking counted them. */
  readonly #sizes = new Map<SnapshotKey, number | null>();

  /**
   * Opens the snapshots in `dir`, making what is not there and removing what was being unpacked. `shared` is the folder of a
   * `new OverlaySnapshotter(folder, kernel, { isShared: true })`.
   */
  constructor(
    dir: string,
    kernel: Kernel,
    options: { readonly shared?: string; readonly isShared?: boolean; readonly limits?: UnpackLimits } = {},
  ) {
    this.#dir = dir;
    this.#kernel = kernel;
    this.#limits = options.limits ?? defaultUnpackLimits;
    this.#own = new LayerFolder(dir, { shared: options.isShared === true });
    this.#shared = options.shared === undefined ? null : new LayerFolder(options.shared, { shared: true });
    mkdirSync(join(dir, "active"), { recursive: true });
    mkdirSync(join(dir, "links"), { recursive: true });
    mkdirSync(join(dir, "empty"), { recursive: true });
    if (!existsSync(join(dir, "init"))) this.#makeInit();
    for (const key of readdirSync(join(dir, "active"))) {
      const active = join(dir, "active", key);
      const parent = readParent(active);
      // Its making was interrupted, so nobody knows of it.
      if (parent === undefined) rmSync(active, { recursive: true, force: true });
      else this.#active.set(key, { dir: active, parent });
    }
  }

  async prepare(key: SnapshotKey, parent: ChainId | null): Promise<void> {
    if (this.#active.has(key)) throw new ConflictError(`snapshot ${key} exists`);
    if (parent !== null) this.#layer(parent);
    // Only a container's key outlives the engine; a layer that is being unpacked starts anew.
    const dir = /^[0-9a-f]{64}$/.test(key) ? join(this.#dir, "active", key) : this.#own.unpackingPath(key);
    mkdirSync(dir);
    mkdirSync(join(dir, "upper"));
    // The root of the topmost layer is the root that a container sees, whatever the umask.
    chmodSync(join(dir, "upper"), 0o755);
    mkdirSync(join(dir, "work"));
    writeFileSync(join(dir, "parent"), parent ?? "none");
    this.#active.set(key, { dir, parent });
  }

  async apply(key: SnapshotKey, layer: AsyncIterable<Uint8Array>): Promise<void> {
    const { dir, parent } = this.#get(key);
    const applied = await applyTar(layer, join(dir, "upper"), {
      kernel: this.#kernel,
      whiteouts: "overlay",
      lower: this.#chain(parent),
      isPlain: true,
      limits: this.#limits,
    });
    this.#sizes.set(key, applied.size);
  }

  async diff(key: SnapshotKey, { newest }: { readonly newest: number | null } = { newest: null }): Promise<Readable> {
    return tarOfDirectory(join(this.#get(key).dir, "upper"), { kernel: this.#kernel, whiteouts: true, newest });
  }

  async mounts(key: SnapshotKey): Promise<readonly Mount[]> {
    const { dir, parent } = this.#get(key);
    const work = join(dir, "work");
    // A mount that was cut off by a kill leaves this against another one (overlayfs.rst, "Volatile mount"); our files were synced by nobody, but written.
    rmSync(join(work, "work/incompat"), { recursive: true, force: true });
    const lower = this.#lowerOf(parent);
    return [overlay([`lowerdir=${this.#joined(lower)}`, `upperdir=${join(dir, "upper")}`, `workdir=${work}`, "volatile"])];
  }

  async contents(key: SnapshotKey): Promise<Readable> {
    const { dir, parent } = this.#get(key);
    return tarOfMerged([join(dir, "upper"), ...this.#lowerOf(parent)], this.#kernel);
  }

  async view(name: ChainId): Promise<readonly Mount[]> {
    // Without an upper directory overlayfs wants two lower ones.
    return [overlay([`lowerdir=${this.#joined([...this.#chain(name), join(this.#dir, "empty")])}`, "ro"])];
  }

  async commit(name: ChainId, key: SnapshotKey): Promise<void> {
    const { dir, parent } = this.#get(key);
    if (await this.has(name)) return await this.remove(key);
    const size = this.#sizes.get(key) ?? (await directorySize(join(dir, "upper")));
    await removeTree(join(dir, "work"));
    rmSync(join(dir, "parent"));
    renameSync(join(dir, "upper"), join(dir, "fs"));
    await this.#own.add(name, dir, { parent, size });
    this.#active.delete(key);
    this.#sizes.delete(key);
  }

  async has(name: ChainId): Promise<boolean> {
    return this.#find(name) !== null;
  }

  async changes(key: SnapshotKey): Promise<readonly Change[]> {
    const { dir, parent } = this.#get(key);
    return await changesOf(this.#kernel, join(dir, "upper"), this.#lowerOf(parent));
  }

  async usage(key: SnapshotKey | ChainId): Promise<number> {
    const active = this.#active.get(key);
    return active ? await directorySize(join(active.dir, "upper")) : this.#layer(key as ChainId).size;
  }

  async remove(key: SnapshotKey | ChainId): Promise<void> {
    const active = this.#active.get(key);
    if (active) {
      this.#active.delete(key);
      this.#sizes.delete(key);
      await removeTree(active.dir);
      return;
    }
    const name = key as ChainId;
    if (!this.#find(name)) return;
    const users = [...this.#active].filter(([, { parent }]) => parent === name).map(([user]) => user);
    users.push(...this.#own.names().filter((layer) => this.#own.get(layer)?.parent === name));
    if (users.length > 0) throw new ConflictError(`snapshot ${name} is the parent of ${users.join(", ")}`);
    if (this.#own.get(name)) await this.#own.remove(name);
  }

  /** Removes active snapshots but those that `isNeeded`: what was under way when the last engine was killed. */
  async removeAbandoned(isNeeded: (key: SnapshotKey) => boolean): Promise<void> {
    for (const key of this.#active.keys()) if (!isNeeded(key)) await this.remove(key);
  }

  /**
   * Removes own layers that neither an active snapshot nor a layer in `needed` stands on: those of images that were deleted while a
   * container still used them. To be called before anything is unpacked.
   */
  async removeUnused(needed: Iterable<ChainId>): Promise<void> {
    for (const name of this.unusedBy(needed)) await this.#own.remove(name);
  }

  /** The committed layers that are here, those of a shared folder not among them. */
  all(): readonly ChainId[] {
    return this.#own.names();
  }

  /** Those that neither stand below `needed` nor below an active snapshot. */
  unusedBy(needed: Iterable<ChainId>): readonly ChainId[] {
    const used = new Set<ChainId>();
    for (const top of [...needed, ...[...this.#active.values()].map(({ parent }) => parent)]) {
      for (let name = top; name !== null && !used.has(name); name = this.#find(name)?.parent ?? null) used.add(name);
    }
    return this.#own.names().filter((name) => !used.has(name));
  }

  /** What lies below a container's own directory, topmost first. */
  #lowerOf(parent: ChainId | null): readonly string[] {
    return [join(this.#dir, "init/fs"), ...this.#chain(parent)];
  }

  /** The layers' directories, topmost first. */
  #chain(top: ChainId | null): readonly string[] {
    const directories: string[] = [];
    for (let name = top; name !== null;) {
      const layer = this.#layer(name);
      directories.push(layer.fs);
      name = layer.parent;
    }
    return directories;
  }

  /** `a:b:c` for the mount, by short symlinks when there are so many layers that their paths do not fit. */
  #joined(directories: readonly string[]): string {
    const long = directories.join(":");
    if (Buffer.byteLength(long) < mountDataLimit - 600) return long;
    return directories.map((directory) => this.#shortLink(directory)).join(":");
  }

  #shortLink(directory: string): string {
    const hex = /\/([0-9a-f]{64})\/fs$/.exec(directory)?.[1];
    if (hex === undefined) return directory;
    const link = join(this.#dir, "links", hex.slice(0, 12));
    try {
      symlinkSync(directory, link);
    } catch (error) {
      if (!hasErrno(error, "EEXIST")) throw error;
    }
    return link;
  }

  #get(key: SnapshotKey): Active {
    const active = this.#active.get(key);
    if (!active) throw new NotFoundError(`snapshot ${key} does not exist`);
    return active;
  }

  #find(name: ChainId): Layer | null {
    return this.#own.get(name) ?? this.#shared?.get(name) ?? null;
  }

  #layer(name: ChainId): Layer {
    const layer = this.#find(name);
    if (!layer) throw new NotFoundError(`layer ${hexOf(name)} does not exist`);
    return layer;
  }

  #makeInit(): void {
    const temporary = this.#own.unpackingPath(`init-${randomBytes(6).toString("hex")}`);
    makeInitLayer(join(temporary, "fs"));
    try {
      renameSync(temporary, join(this.#dir, "init"));
    } catch (error) {
      // Another engine was faster in a shared folder.
      if (!hasErrno(error, "ENOTEMPTY") && !hasErrno(error, "EEXIST")) throw error;
      rmSync(temporary, { recursive: true });
    }
  }
}

function overlay(options: readonly string[]): Mount {
  // A mount in a user namespace may not use trusted.* attributes.
  return { type: "overlay", source: "overlay", options: [...options, "userxattr"] };
}

function readParent(dir: string): ChainId | null | undefined {
  try {
    const text = readFileSync(join(dir, "parent"), "utf8");
    return text === "" ? undefined : text === "none" ? null : (text as unknown as ChainId);
  } catch (error) {
    if (hasErrno(error, "ENOENT")) return undefined;
    throw error;
  }
}
