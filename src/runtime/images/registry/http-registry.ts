import type { RegistryAuth } from "../../../docker/api/engine.ts";
import type { Reference } from "../../../oci/reference.ts";
import type { RegistryClient, Repository } from "../registry-client.ts";
import { Authorizer } from "./authorizer.ts";
import { HttpRepository } from "./http-repository.ts";
import { RegistryHosts } from "./registry-hosts.ts";

/** Registries over HTTP, by TLS but for this machine's own and those that are named insecure. */
export class HttpRegistry implements RegistryClient {
  readonly #hub: boolean;
  readonly #hosts: RegistryHosts;

  /** Without `hub`, where the internet cannot be reached, a name without a registry is not looked for at all. */
  constructor({ hub, hosts = new RegistryHosts() }: { readonly hub: boolean; readonly hosts?: RegistryHosts }) {
    this.#hub = hub;
    this.#hosts = hosts;
  }

  serves({ domain }: Reference): boolean {
    return this.#hub || domain !== "docker.io";
  }

  repository(reference: Reference, auth: RegistryAuth | null, signal: AbortSignal): Repository {
    return new HttpRepository(reference, new Authorizer(reference.domain, this.#hosts, auth, signal), signal);
  }

  async login(domain: string, auth: RegistryAuth): Promise<void> {
    await new Authorizer(domain, this.#hosts, auth).login();
  }
}
