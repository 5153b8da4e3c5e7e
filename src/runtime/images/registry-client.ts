import type { Readable } from "node:stream";
import type { RegistryAuth } from "../../docker/api/engine.ts";
import type { Digest } from "../../oci/digest.ts";
import type { Descriptor, Manifest } from "../../oci/manifest.ts";
import type { Platform } from "../../oci/platform.ts";
import type { Reference } from "../../oci/reference.ts";

/** Speaks to registries (OCI distribution specification). */
export interface RegistryClient {
  /** Whether images of this name are looked for in a registry at all. */
  serves(reference: Reference): boolean;
  /** One operation's way to the repository of a reference; nothing is asked yet. */
  repository(reference: Reference, auth: RegistryAuth | null, signal: AbortSignal): Repository;
  /** Asks whether a registry takes these credentials. @throws InternalError in Docker's words when it does not. */
  login(domain: string, auth: RegistryAuth): Promise<void>;
}

/** A manifest as a registry has it. */
export interface RemoteImage {
  /** Of what the reference names: of the index, where there is one. */
  readonly digest: Digest;
  /** The image's own manifest. */
  readonly descriptor: Descriptor;
  readonly manifest: Manifest;
  readonly bytes: Buffer;
}

/** A repository of a registry. All errors are in Docker's words. */
export interface Repository {
  /** The image for a platform (`linux/amd64`, empty for this machine's). @throws NotFoundError when the registry has no such image. */
  manifest(platform: string): Promise<RemoteImage>;
  /** What the reference names and for which platforms it is made: no more is fetched than tells that. @throws NotFoundError, UnauthorizedError */
  describe(): Promise<{ readonly descriptor: Descriptor; readonly platforms: readonly Platform[] }>;
  /** The tags that the repository has. */
  tags(): Promise<readonly string[]>;
  /** A blob, however often the connection breaks. Its bytes are not verified: who stores them does that. */
  blob(descriptor: Descriptor, watch?: TransferWatch): Readable;
  /** Bytes of a blob that is there; null when it is not. */
  hasBlob(digest: Digest): Promise<number | null>;
  /** Takes over a blob from another repository of the same registry (`from` is its path). False when the registry does not. */
  mount(digest: Digest, from: string): Promise<boolean>;
  /** Uploads a blob; `open` gives its bytes, again after a failure. */
  upload(open: () => Promise<Readable>, watch?: TransferWatch): Promise<{ readonly digest: Digest; readonly size: number }>;
  putManifest(bytes: Buffer, mediaType: string): Promise<Digest>;
}

/** Told of a transfer. */
export interface TransferWatch {
  /** Bytes so far. */
  readonly onBytes?: (count: number) => void;
  readonly onRetry?: (delayMs: number) => void;
}
