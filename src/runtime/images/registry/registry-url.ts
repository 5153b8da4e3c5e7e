import type { Digest } from "../../../oci/digest.ts";
import type { Reference } from "../../../oci/reference.ts";

/** Where Docker Hub's images really are. */
const hubHost = "registry-1.docker.io";

/** `http://localhost:5000`: plain HTTP for this machine alone, as dockerd; TLS for all others. */
export function registryOrigin(domain: string): URL {
  const host = domain === "docker.io" ? hubHost : domain;
  return new URL(`${isLoopback(host) ? "http" : "https"}://${host}/`);
}

/** `/v2/library/busybox/manifests/latest`: a digest goes before a tag. @throws nothing: a parsed reference holds no character to escape. */
export function manifestUrl(reference: Reference, name: string = reference.digest ?? reference.tag ?? "latest"): URL {
  return new URL(`/v2/${reference.path}/manifests/${name}`, registryOrigin(reference.domain));
}

/** The tags, the first page of them. */
export function tagsUrl({ domain, path }: Reference): URL {
  return new URL(`/v2/${path}/tags/list`, registryOrigin(domain));
}

export function blobUrl(reference: Reference, digest: Digest): URL {
  return new URL(`/v2/${reference.path}/blobs/${digest}`, registryOrigin(reference.domain));
}

/** Where an upload begins; with `from`, a repository of the same registry, it may be over at once. */
export function uploadUrl(reference: Reference, mount: { readonly digest: Digest; readonly from: string } | null = null): URL {
  const url = new URL(`/v2/${reference.path}/blobs/uploads/`, registryOrigin(reference.domain));
  if (mount) url.search = `?mount=${encodeURIComponent(mount.digest)}&from=${encodeURIComponent(mount.from)}`;
  return url;
}

/** As Docker writes it, where Node percent-encodes or leaves out nothing that matters: `http://localhost:5000/v2/`. */
export function pingUrl(domain: string): URL {
  return new URL("/v2/", registryOrigin(domain));
}

/** Whether `host[:port]` is `localhost`, in 127.0.0.0/8, or `[::1]`. */
function isLoopback(host: string): boolean {
  const name = host.replace(/:\d+$/, "");
  return name === "localhost" || name === "[::1]" || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(name);
}
