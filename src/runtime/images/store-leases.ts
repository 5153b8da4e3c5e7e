import { createHash, randomBytes } from "node:crypto";
import { readFile, readdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { hasErrno } from "../../base/errors.ts";
import { makeFolder } from "../../base/make-folder.ts";
import type { ChainId, Digest } from "../../oci/digest.ts";

/** What a root needs of the shared store, so that nobody removes it there. */
export interface Lease {
  /** The root's folder as the host sees it: when it is gone, so is the lease (`provision/base-images.ts`). */
  readonly root: string;
  readonly blobs: readonly Digest[];
  readonly layers: readonly ChainId[];
}

/** One root's lease, `DIR/leases/HEX.json`. A lost one costs no more than what grace gives: it is written anew with the next change. */
export class StoreLease {
  readonly #folder: string;
  readonly #root: string;
  #written = "";

  constructor(dir: string, root: string) {
    this.#folder = join(dir, "leases");
    this.#root = root;
  }

  /** Says what is needed now; nothing is written when that is what it was. */
  async renew(blobs: readonly Digest[], layers: readonly ChainId[]): Promise<void> {
    const isEmpty = blobs.length + layers.length === 0;
    const text = isEmpty ? "" : JSON.stringify({ root: this.#root, blobs: blobs.toSorted(), layers: layers.toSorted() } satisfies Lease);
    if (text === this.#written) return;
    const file = join(this.#folder, `${createHash("sha256").update(this.#root).digest("hex").slice(0, 24)}.json`);
    if (isEmpty) await rm(file, { force: true });
    else {
      makeFolder(this.#folder);
      const temporary = `${file}.${randomBytes(6).toString("hex")}.tmp`;
      await writeFile(temporary, text);
      await rename(temporary, file);
    }
    this.#written = text;
  }
}

/** The leases of all roots; what is no lease counts for nothing. */
export async function readLeases(dir: string): Promise<readonly Lease[]> {
  const leases: Lease[] = [];
  for (const name of await filesIn(join(dir, "leases"))) {
    if (!name.endsWith(".json")) continue;
    try {
      leases.push(JSON.parse(await readFile(join(dir, "leases", name), "utf8")) as Lease);
    } catch (error) {
      if (!hasErrno(error, "ENOENT") && !(error instanceof SyntaxError)) throw error;
    }
  }
  return leases;
}

async function filesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (hasErrno(error, "ENOENT")) return [];
    throw error;
  }
}
