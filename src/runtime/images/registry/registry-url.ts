import type { Digest } from "../../../oci/digest.ts";
import type { Reference } from "../../../oci/reference.ts";

/** `/v2/library/busybox/manifests/latest` of the registry at `origin`; a digest goes before a tag. A parsed reference holds no character to escape. */
export function manifestUrl(
  origin: URL,
  { path, tag, digest }: Pick<Reference, "path" | "tag" | "digest">,
  name: string = digest ?? tag ?? "latest",
): URL {
  return new URL(`/v2/${path}/manifests/${name}`, origin);
}

/** The tags, the first page of them. */
export function tagsUrl(origin: URL, { path }: Pick<Reference, "path">): URL {
  return new URL(`/v2/${path}/tags/list`, origin);
}

export function blobUrl(origin: URL, { path }: Pick<Reference, "path">, digest: Digest): URL {
  return new URL(`/v2/${path}/blobs/${digest}`, origin);
}

/** Where an upload begins; with `from`, a repository of the same registry, it may be over at once. */
export function uploadUrl(
  origin: URL,
  { path }: Pick<Reference, "path">,
  mount: { readonly digest: Digest; readonly from: string } | null = null,
): URL {
  const url = new URL(`/v2/${path}/blobs/uploads/`, origin);
  if (mount) url.search = `?mount=${encodeURIComponent(mount.digest)}&from=${encodeURIComponent(mount.from)}`;
  return url;
}

/** `http://localhost:5000/v2/` */
export function pingUrl(origin: URL): URL {
  return new URL("/v2/", origin);
}
