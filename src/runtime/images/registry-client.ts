import type { Readable } from "node:stream";
import type { RegistryAuth } from "../../docker/api/engine.ts";
import type { Descriptor, Manifest } from "../../oci/manifest.ts";
import type { Reference } from "../../oci/reference.ts";

/** Speaks to registries (OCI distribution specification). */
export interface RegistryClient {
  /** The manifest for a platform (`linux/amd64`, empty for this machine's). @throws NotFoundError when the registry has no such image. */
  manifest(
    reference: Reference,
    platform: string,
    auth: RegistryAuth | null,
  ): Promise<{ descriptor: Descriptor; manifest: Manifest; bytes: Buffer }>;
  blob(reference: Reference, descriptor: Descriptor, auth: RegistryAuth | null): Promise<Readable>;
}
