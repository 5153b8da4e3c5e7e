import { randomBytes } from "node:crypto";
import { existsSync, lstatSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { hasErrno } from "../../base/errors.ts";
import { hexOf, parseDigest, type ChainId } from "../../oci/digest.ts";
import { removeTree } from "./remove-tree.ts";

/** What is known of a committed layer; `size` is the bytes of its regular files. */
export interface Layer {
  readonly fs: string;
  readonly parent: ChainId | null;
  readonly size: number;
}

/** Another engine may still be unpacking what is younger than this. */
const abandonedAfterMs = 3_600_000;

/** Committed layers, `DIR/layers/HEX/{fs/,layer.json}`, which appear whole by one rename, so that several engines can add to one folder. */
export class LayerFolder {
  readonly #dir: string;
  readonly #isShared: boolean;
  readonly #known = new Map<ChainId, Layer>();

  constructor(dir: string, { shared }: { shared: boolean }) {
    this.#dir = dir;
    this.#isShared = shared;
    mkdirSync(join(dir, "layers"), { recursive: true });
    const unpacking = join(dir, "unpacking");
    mkdirSync(unpacking, { recursive: true });
    for (const name of readdirSync(unpacking)) {
      const stats = lstatSync(join(unpacking, name), { throwIfNoEntry: false });
      if (!stats || (shared && Date.now() - stats.mtimeMs < abandonedAfterMs)) continue;
      rmSync(join(unpacking, name), { recursive: true, force: true });
    }
  }

  /** A folder of this name is removed at the next start when it is still there. */
  unpackingPath(key: string): string {
    return join(this.#dir, "unpacking", key);
  }

  get(name: ChainId): Layer | null {
    const known = this.#known.get(name);
    // Of a shared folder another engine may have collected it.
    if (known && (!this.#isShared || existsSync(known.fs))) return known;
    const dir = this.#pathOf(name);
    try {
      const { parent, size } = JSON.parse(readFileSync(join(dir, "layer.json"), "utf8")) as { parent: ChainId | null; size: number };
      const layer = { fs: join(dir, "fs"), parent, size };
      this.#known.set(name, layer);
      return layer;
    } catch (error) {
      if (hasErrno(error, "ENOENT")) return null;
      throw error;
    }
  }

  names(): readonly ChainId[] {
    return readdirSync(join(this.#dir, "layers")).map((hex) => parseDigest(`sha256:${hex}`) as unknown as ChainId);
  }

  /** Takes over the folder `from`, which has the layer's files in `fs`; drops it when the layer is there already. */
  async add(name: ChainId, from: string, { parent, size }: Omit<Layer, "fs">): Promise<void> {
    writeFileSync(join(from, "layer.json"), JSON.stringify({ parent, size }));
    try {
      renameSync(from, this.#pathOf(name));
    } catch (error) {
      if (!hasErrno(error, "ENOTEMPTY") && !hasErrno(error, "EEXIST")) throw error;
      await removeTree(from);
    }
  }

  async remove(name: ChainId): Promise<void> {
    this.#known.delete(name);
    const gone = this.unpackingPath(`removed-${hexOf(name)}-${randomBytes(6).toString("hex")}`);
    try {
      // Away at once, gone in a while: nobody sees half a layer.
      renameSync(this.#pathOf(name), gone);
    } catch (error) {
      if (!hasErrno(error, "ENOENT")) throw error;
    }
    await removeTree(gone);
  }

  #pathOf(name: ChainId): string {
    return join(this.#dir, "layers", hexOf(parseDigest(name)));
  }
}
