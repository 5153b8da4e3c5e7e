import type { Readable } from "node:stream";
import type { Digest } from "../../oci/digest.ts";
import type { BlobWriter, ExpectedBlob } from "./blob-writer.ts";
import type { ContentStore, PublishedImage } from "./content-store.ts";

/** A root's own blobs in front of those that roots share. Writes and removals touch the own ones only. */
export class LayeredStore implements ContentStore {
  readonly #own: ContentStore;
  readonly #shared: ContentStore;

  constructor(own: ContentStore, shared: ContentStore) {
    this.#own = own;
    this.#shared = shared;
  }

  async ingest(source: AsyncIterable<Uint8Array> | Uint8Array, expected?: ExpectedBlob): Promise<{ digest: Digest; size: number }> {
    return await this.#own.ingest(source, expected);
  }

  async writer(expected?: ExpectedBlob): Promise<BlobWriter> {
    return await this.#own.writer(expected);
  }

  async has(digest: Digest): Promise<boolean> {
    return (await this.#own.has(digest)) || (await this.#shared.has(digest));
  }

  async open(digest: Digest): Promise<Readable> {
    return await (await this.#holder(digest)).open(digest);
  }

  async read(digest: Digest): Promise<Buffer> {
    return await (await this.#holder(digest)).read(digest);
  }

  async size(digest: Digest): Promise<number> {
    return await (await this.#holder(digest)).size(digest);
  }

  async remove(digest: Digest): Promise<void> {
    await this.#own.remove(digest);
  }

  async sync(): Promise<void> {
    await this.#own.sync();
  }

  async publish(images: readonly PublishedImage[]): Promise<void> {
    await this.#own.publish(images);
  }

  async sweep(needed: ReadonlySet<Digest>): Promise<void> {
    await this.#own.sweep(needed);
  }

  async #holder(digest: Digest): Promise<ContentStore> {
    return (await this.#own.has(digest)) ? this.#own : this.#shared;
  }
}
