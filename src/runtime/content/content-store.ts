import type { Readable } from "node:stream";
import type { Digest } from "../../oci/digest.ts";
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
}
