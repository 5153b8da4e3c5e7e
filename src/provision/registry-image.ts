import { hostArchitecture } from "../oci/architecture.ts";
import { digestOf, hexOf, parseDigest } from "../oci/digest.ts";
import { mediaTypes, type Descriptor, type ImageIndex, type Manifest } from "../oci/manifest.ts";
import { tarHeader, tarPadding } from "../oci/tar/tar-header.ts";
import { encodeTarHeader, tarEnd } from "../oci/tar/write-tar.ts";
import { InvalidArgumentError, NotFoundError, UnavailableError } from "../base/errors.ts";

const accepted = [mediaTypes.index, mediaTypes.manifest, mediaTypes.dockerList, mediaTypes.dockerManifest].join(", ");
const seconds = 60;
/** Base images are small; what is larger is a mistake or an attack. */
const blobLimit = 64 << 20;

export interface RegistryImage {
  /** `https://registry-1.docker.io` */
  readonly registry: string;
  /** `library/busybox` */
  readonly repository: string;
  readonly tag: string;
  /** What the archive calls it: `busybox:latest`. */
  readonly name: string;
}

/**
 * A small image of a registry (OCI distribution specification, anonymous), as a docker-archive.
 * @throws UnavailableError when the registry cannot be reached; NotFoundError; InvalidArgumentError when a blob is not what was asked for.
 */
export async function registryArchive({ registry, repository, tag, name }: RegistryImage): Promise<Buffer> {
  const get = session(`${registry}/v2/${repository}`);
  let document: Manifest | ImageIndex = JSON.parse((await get(`manifests/${tag}`)).toString()) as Manifest | ImageIndex;
  if ("manifests" in document) {
    const mine = document.manifests.find(({ platform }) => platform?.os === "linux" && platform.architecture === hostArchitecture());
    if (!mine) throw new NotFoundError(`${name} has no image for linux/${hostArchitecture()}`);
    document = JSON.parse((await blobOf(get, mine, "manifests")).toString()) as Manifest;
  }
  const manifest = document;
  const config = { file: `${hexOf(manifest.config.digest)}.json`, bytes: await blobOf(get, manifest.config, "blobs") };
  const files = [config];
  for (const layer of manifest.layers) files.push({ file: `${hexOf(layer.digest)}.tar`, bytes: await blobOf(get, layer, "blobs") });
  const item = { Config: config.file, RepoTags: [name], Layers: files.slice(1).map(({ file }) => file) };
  files.push({ file: "manifest.json", bytes: Buffer.from(JSON.stringify([item])) });
  const pieces = files.flatMap(({ file, bytes }) => [
    encodeTarHeader(tarHeader({ name: file, size: bytes.length })),
    bytes,
    Buffer.alloc(tarPadding(bytes.length)),
  ]);
  return Buffer.concat([...pieces, tarEnd]);
}

type Get = (path: string) => Promise<Buffer>;

async function blobOf(get: Get, { digest }: Descriptor, kind: "manifests" | "blobs"): Promise<Buffer> {
  const bytes = await get(`${kind}/${parseDigest(digest)}`);
  if (digestOf(bytes) !== digest) throw new InvalidArgumentError(`blob ${digest} has digest ${digestOf(bytes)}`);
  return bytes;
}

/** Asks below `base`, with the token that the registry's first refusal says where to get. */
function session(base: string): Get {
  let token: string | null = null;
  const ask = async (path: string): Promise<Response> => {
    const headers = { accept: accepted, ...(token !== null && { authorization: `Bearer ${token}` }) };
    return await reach(`${base}/${path}`, headers);
  };
  return async (path) => {
    let response = await ask(path);
    const challenge = response.headers.get("www-authenticate");
    if (response.status === 401 && token === null && challenge !== null) {
      token = await fetchToken(challenge);
      response = await ask(path);
    }
    if (response.status === 404) throw new NotFoundError(`${base}/${path} not found`);
    if (!response.ok) throw new UnavailableError(`${base}/${path}: ${response.status} ${response.statusText}`);
    return await readLimited(response);
  };
}

/** `Bearer realm="…",service="…",scope="…"` */
async function fetchToken(challenge: string): Promise<string> {
  const fields = new Map([...challenge.matchAll(/(\w+)="([^"]*)"/g)].map(([, key = "", value = ""]) => [key, value]));
  const realm = fields.get("realm");
  if (realm === undefined) throw new UnavailableError(`the registry asks for ${challenge}`);
  const url = new URL(realm);
  for (const key of ["service", "scope"]) if (fields.has(key)) url.searchParams.set(key, fields.get(key) ?? "");
  const response = await reach(url.href, {});
  if (!response.ok) throw new UnavailableError(`${url.origin}: ${response.status} ${response.statusText}`);
  const { token, access_token } = JSON.parse((await readLimited(response)).toString()) as { token?: string; access_token?: string };
  return token ?? access_token ?? "";
}

async function reach(url: string, headers: Readonly<Record<string, string>>): Promise<Response> {
  try {
    return await fetch(url, { headers, signal: AbortSignal.timeout(seconds * 1000) });
  } catch (error) {
    throw new UnavailableError(`cannot reach ${new URL(url).host}`, { cause: error });
  }
}

async function readLimited(response: Response): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of response.body ?? []) {
    size += part.length;
    if (size > blobLimit) throw new InvalidArgumentError(`${response.url} is larger than ${blobLimit} bytes`);
    parts.push(part);
  }
  return Buffer.concat(parts);
}
