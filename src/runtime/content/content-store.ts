import type { Readable } from "node:stream";
import type { Digest } from "../../oci/digest.ts";
import type { Descriptor } from "../../oci/manifest.ts";
import type { BlobWriter, ExpectedBlob } from "./blob-writer.ts";

/** Content-addressable blobs in an OCI image layout's `blobs/sha256` (image-spec image-layout.md). */
export interface ContentStore {
  /** Streams a blob in: counted only when whole and, when `expected` is given, when digest and size are right. @throws InvalidArgumentError otherwise. */
  ingest(source: AsyncIterable<Uint8Array> | Uint8Array, expected?: ExpectedBlob): Promise<{ digest: Digest; size: number }>;
  /** As `ingest`, for who has the pieces in his hands because he does something else with them, too. */
  writer(expected?: ExpectedBlob): Promise<BlobWriter>;
  has(digest: Digest): Promise<boolean>;
  /** @throws NotFoundError */
  open(digest: Digest): Promise<Readable>;
  /** The whole blob; for small ones (configs, manifests). @throws NotFoundError; InvalidArgumentError when over 8 MiB. */
  read(digest: Digest): Promise<Buffer>;
  size(digest: Digest): Promise<number>;
  remove(digest: Digest): Promise<void>;
  /** Waits until all blobs that were written are on the disk: then a name may be given to them. */
  sync(): Promise<void>;
  /** Tells other tools, by the layout's `index.json`, of the images all of whose blobs are in this layout itself. */
  publish(images: readonly PublishedImage[]): Promise<void>;
  /** Removes blobs that are not needed: an engine that was killed while it loaded an image left them. To be called before anything is written. */
  sweep(needed: ReadonlySet<Digest>): Promise<void>;
}

/** An image in a layout's index. */
export interface PublishedImage {
  readonly manifest: Descriptor;
  readonly blobs: readonly Digest[];
  /** Whole names, `docker.io/library/busybox:latest`. */
  readonly names: readonly string[];
}
