import type { RegistryAuth } from "../../../docker/api/engine.ts";
import type { Reference } from "../../../oci/reference.ts";
import type { RegistryClient, Repository } from "../registry-client.ts";
import { Authorizer } from "./authorizer.ts";
import { HttpRepository } from "./http-repository.ts";

/** Registries over HTTP, plain for this machine's own. */
export class HttpRegistry implements RegistryClient {
  readonly #hub: boolean;

  /** Without `hub`, where the internet cannot be reached, a name without a registry is not looked for at all. */
  constructor({ hub }: { readonly hub: boolean }) {
    this.#hub = hub;
  }

  serves({ domain }: Reference): boolean {
    return this.#hub || domain !== "docker.io";
  }

  repository(reference: Reference, auth: RegistryAuth | null, signal: AbortSignal): Repository {
    return new HttpRepository(reference, new Authorizer(reference.domain, auth, signal), signal);
  }

  async login(domain: string, auth: RegistryAuth): Promise<void> {
    await new Authorizer(domain, auth).login();
  }
}
