import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { open, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { writeFileAtomic } from "../../base/atomic-file.ts";
import { hasErrno } from "../../base/errors.ts";
import { hexOf, parseDigest, type Digest } from "../../oci/digest.ts";

/** Smaller blobs are on the disk before a name is given to them. To wait for a larger one would take as long as writing it. */
const smallSize = 4 << 20;

interface Noted {
  /** The kernel's boot id: what was written is lost only with the kernel. */
  readonly boot: string;
  readonly digests: readonly Digest[];
}

/**
 * Blobs that were written and may not be on the disk yet. Large ones are put there behind their users' back, and noted in a file until they
 * are: after a power failure they count only if they still have their digests.
 */
export class UnsyncedBlobs {
  readonly #folder: string;
  readonly #file: string;
  readonly #fresh = new Map<Digest, number>();
  readonly #noted = new Set<Digest>();
  #behind: Promise<void> = Promise.resolve();

  /** `folder` has the blobs, by their hexadecimal digests; `file` is the note. */
  constructor(folder: string, file: string) {
    this.#folder = folder;
    this.#file = file;
  }

  /** A blob was written, not synced. */
  add(digest: Digest, size: number): void {
    this.#fresh.set(digest, size);
  }

  /** To be waited for before a name is given to what was added. */
  async settle(): Promise<void> {
    if (this.#fresh.size === 0) return;
    const fresh = [...this.#fresh];
    this.#fresh.clear();
    const large = fresh.filter(([, size]) => size > smallSize).map(([digest]) => digest);
    for (const digest of large) this.#noted.add(digest);
    if (large.length > 0) await this.#note();
    await Promise.all(fresh.filter(([, size]) => size <= smallSize).map(async ([digest]) => await this.#sync(digest)));
    await syncFile(this.#folder);
    if (large.length > 0) this.#syncBehind(large);
  }

  /** After a start: removes what a power failure spoiled. */
  async recover(): Promise<void> {
    let noted: Noted;
    try {
      noted = JSON.parse(await readFile(this.#file, "utf8")) as Noted;
    } catch (error) {
      if (hasErrno(error, "ENOENT")) return;
      throw error;
    }
    for (const digest of noted.digests) {
      if (noted.boot !== (await bootId()) && !(await this.#isWhole(digest))) await rm(this.#path(digest), { force: true });
      else this.#noted.add(digest);
    }
    this.#syncBehind([...this.#noted]);
  }

  #syncBehind(digests: readonly Digest[]): void {
    const previous = this.#behind;
    this.#behind = (async () => {
      await previous;
      for (const digest of digests) {
        await this.#sync(digest);
        this.#noted.delete(digest);
      }
      if (this.#noted.size === 0) await rm(this.#file, { force: true });
      else await this.#note();
      // What cannot be synced stays noted, and is looked at after the next start.
    })().catch(() => {});
  }

  async #note(): Promise<void> {
    await writeFileAtomic(this.#file, JSON.stringify({ boot: await bootId(), digests: [...this.#noted] } satisfies Noted));
  }

  async #isWhole(digest: Digest): Promise<boolean> {
    const hash = createHash("sha256");
    try {
      for await (const chunk of createReadStream(this.#path(digest))) hash.update(chunk as Buffer);
    } catch (error) {
      if (hasErrno(error, "ENOENT")) return false;
      throw error;
    }
    return `sha256:${hash.digest("hex")}` === digest;
  }

  async #sync(digest: Digest): Promise<void> {
    await syncFile(this.#path(digest));
  }

  #path(digest: Digest): string {
    return join(this.#folder, hexOf(parseDigest(digest)));
  }
}

/** Puts a file or folder on the disk; nothing when somebody has removed it. */
async function syncFile(path: string): Promise<void> {
  let file;
  try {
    file = await open(path, "r");
  } catch (error) {
    if (hasErrno(error, "ENOENT")) return;
    throw error;
  }
  try {
    await file.datasync();
  } finally {
    await file.close();
  }
}

async function bootId(): Promise<string> {
  return (await readFile("/proc/sys/kernel/random/boot_id", "utf8")).trim();
}
