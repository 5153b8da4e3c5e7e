import { UnavailableError } from "../../base/errors.ts";
import type { RegistryAuth } from "../../docker/api/engine.ts";
import type { DistributionInspect } from "../../docker/api/types.ts";
import { familiarString, parseReference, withDefaultTag } from "../../oci/reference.ts";
import type { RegistryClient } from "./registry-client.ts";

/**
 * `GET /distribution/{name}/json`: what a registry has under a name, without pulling it.
 * @throws InvalidArgumentError, NotFoundError, UnauthorizedError in the registry's words.
 */
export async function inspectDistribution(
  registry: RegistryClient | null,
  { name, auth }: { readonly name: string; readonly auth: RegistryAuth | null },
): Promise<DistributionInspect> {
  const reference = withDefaultTag(parseReference(name));
  if (!registry?.serves(reference)) {
    throw new UnavailableError(`cannot ask ${reference.domain} about ${familiarString(reference)}: this engine cannot reach the internet`);
  }
  const abort = new AbortController();
  try {
    const { descriptor, platforms } = await registry.repository(reference, auth, abort.signal).describe();
    return { Descriptor: descriptor, Platforms: platforms };
  } finally {
    abort.abort();
  }
}
