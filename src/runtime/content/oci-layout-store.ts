import { randomBytes } from "node:crypto";
import { createReadStream } from "node:fs";
import { readFile, readdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { hasErrno, InvalidArgumentError, NotFoundError } from "../../base/errors.ts";
import { makeFolder } from "../../base/make-folder.ts";
import { hexOf, parseDigest, type Digest } from "../../oci/digest.ts";
import { mediaTypes, type Descriptor, type ImageIndex } from "../../oci/manifest.ts";
import { FileBlobWriter, type BlobWriter, type ExpectedBlob } from "./blob-writer.ts";
import type { ContentStore, PublishedImage } from "./content-store.ts";
import { UnsyncedBlobs } from "./unsynced-blobs.ts";

/** `read` is for configurations and manifests. */
const readLimit = 8 << 20;

/** Bytes that are read at once. */
const pieceSize = 512 << 10;

/** Another engine may still be writing what is younger than this. */
const abandonedAfterMs = 3_600_000;

/**
 * Blobs in one OCI image layout folder. They appear whole by a rename, so a killed engine loses none; `sync` puts the small ones
 * on the disk, and notes the large ones, before an image is named that has them, so that after a power failure none counts that is not whole.
 */
export class OciLayoutStore implements ContentStore {
  readonly #dir: string;
  readonly #unsynced: UnsyncedBlobs;

  private constructor(dir: string) {
    this.#dir = dir;
    this.#unsynced = new UnsyncedBlobs(join(dir, "blobs/sha256"), join(dir, "unsynced.json"));
  }

  /**
   * Opens the layout in `dir`, making it when it is not there, and removes what an interrupted ingest left. A `shared` one is also used by
   * other engines: there only what is old enough is taken for left behind.
   */
  static async open(dir: string, { shared = false } = {}): Promise<OciLayoutStore> {
    for (const name of ["blobs/sha256", "ingest"]) makeFolder(join(dir, name));
    for (const name of await readdir(join(dir, "ingest"))) {
      const file = join(dir, "ingest", name);
      if (shared && !(await isAbandoned(file))) continue;
      await rm(file, { force: true });
    }
    try {
      await writeFile(join(dir, "oci-layout"), '{"imageLayoutVersion":"1.0.0"}', { flag: "wx" });
    } catch (error) {
      if (!hasErrno(error, "EEXIST")) throw error;
    }
    const store = new OciLayoutStore(dir);
    await store.#unsynced.recover();
    return store;
  }

  /** Where a blob is, or would be. */
  pathOf(digest: Digest): string {
    return join(this.#dir, "blobs/sha256", hexOf(parseDigest(digest)));
  }

  async writer(expected?: ExpectedBlob): Promise<BlobWriter> {
    const temporary = join(this.#dir, "ingest", randomBytes(12).toString("hex"));
    const place = (digest: Digest, size: number): string => {
      this.#unsynced.add(digest, size);
      return this.pathOf(digest);
    };
    return await FileBlobWriter.open(temporary, place, expected);
  }

  async ingest(source: AsyncIterable<Uint8Array> | Uint8Array, expected?: ExpectedBlob): Promise<{ digest: Digest; size: number }> {
    const writer = await this.writer(expected);
    try {
      for await (const chunk of source instanceof Uint8Array ? [source] : source) await writer.write(chunk);
      return await writer.commit();
    } finally {
      await writer.abort();
    }
  }

  async has(digest: Digest): Promise<boolean> {
    return (await this.#sizeOrNull(digest)) !== null;
  }

  async open(digest: Digest): Promise<Readable> {
    await this.size(digest);
    return createReadStream(this.pathOf(digest), { highWaterMark: pieceSize });
  }

  async read(digest: Digest): Promise<Buffer> {
    if ((await this.size(digest)) > readLimit) throw new InvalidArgumentError(`blob ${digest} is too large to be read whole`);
    return await readFile(this.pathOf(digest));
  }

  async size(digest: Digest): Promise<number> {
    const size = await this.#sizeOrNull(digest);
    if (size === null) throw new NotFoundError(`blob ${digest} not found`);
    return size;
  }

  async remove(digest: Digest): Promise<void> {
    await rm(this.pathOf(digest), { force: true });
  }

  async sync(): Promise<void> {
    await this.#unsynced.settle();
  }

  async publish(images: readonly PublishedImage[]): Promise<void> {
    const manifests: Descriptor[] = [];
    for (const { manifest, blobs, names } of images) {
      const present = await Promise.all([manifest.digest, ...blobs].map(async (digest) => await this.has(digest)));
      if (!present.every(Boolean)) continue;
      // Tools find an image in a layout by this annotation; none has more than one.
      const named = names.map((name) => ({ ...manifest, annotations: { "org.opencontainers.image.ref.name": name } }));
      manifests.push(...(named.length > 0 ? named : [manifest]));
    }
    const index: ImageIndex = { schemaVersion: 2, mediaType: mediaTypes.index, manifests };
    const file = join(this.#dir, "index.json");
    const temporary = `${file}.${randomBytes(6).toString("hex")}.tmp`;
    // It says nothing that is not kept elsewhere, so it need not be synced, only be whole.
    await writeFile(temporary, JSON.stringify(index));
    await rename(temporary, file);
  }

  async sweep(needed: ReadonlySet<Digest>): Promise<void> {
    for (const hex of await readdir(join(this.#dir, "blobs/sha256"))) {
      if (!needed.has(`sha256:${hex}` as Digest)) await rm(join(this.#dir, "blobs/sha256", hex), { force: true });
    }
  }

  async #sizeOrNull(digest: Digest): Promise<number | null> {
    try {
      return (await stat(this.pathOf(digest))).size;
    } catch (error) {
      if (hasErrno(error, "ENOENT")) return null;
      throw error;
    }
  }
}

async function isAbandoned(file: string): Promise<boolean> {
  try {
    return Date.now() - (await stat(file)).mtimeMs > abandonedAfterMs;
  } catch (error) {
    // Its writer just finished.
    if (hasErrno(error, "ENOENT")) return false;
    throw error;
  }
}
