import { posix } from "node:path";
import { InvalidArgumentError } from "../../base/errors.ts";
import { hexOf, parseDigest, type DiffId, type Digest } from "../../oci/digest.ts";
import { mediaTypes, type Descriptor } from "../../oci/manifest.ts";
import { decompressed } from "../../oci/tar/decompress.ts";
import { readTar } from "../../oci/tar/read-tar.ts";
import type { UnpackLimits } from "../../oci/tar/unpack-limits.ts";
import type { LayerStores } from "./image-context.ts";
import { choosePlatform } from "./registry/choose-platform.ts";
import { parsePlatform } from "../../oci/parse-platform.ts";
import { parseManifest } from "./registry/parse-manifest.ts";
import { tarFailure } from "./register.ts";
import type { ContentStore } from "../content/content-store.ts";

/** An image of an archive, whose blobs were ingested. */
export interface ArchivedImage {
  readonly config: Buffer;
  readonly diffIds: readonly DiffId[];
  /** The blobs of its layers, lowest first. */
  readonly layers: readonly Digest[];
  /** `busybox:latest` */
  readonly names: readonly string[];
}

const entryLimit = 100_000;
const linkLimit = 16;
const nestingLimit = 2;

/** Files of an archive by their names; names are only ever looked up, never used as paths. */
interface ArchiveFiles {
  readonly files: ReadonlyMap<string, Digest>;
  readonly links: ReadonlyMap<string, string>;
}

/**
 * Ingests every file of a docker-archive or OCI-layout tar (compressed or not) as a blob, as it streams in, and says what images it has.
 * `ingested` collects the blobs, also when this throws.
 * @throws InvalidArgumentError when it is no such archive.
 */
export async function readArchive(
  tar: AsyncIterable<Uint8Array>,
  { content, limits }: Pick<LayerStores, "content" | "limits">,
  ingested: Digest[],
): Promise<readonly ArchivedImage[]> {
  const files = new Map<string, Digest>();
  const links = new Map<string, string>();
  for await (const { header, content: chunks } of entriesOf(tar, limits)) {
    const name = posix.normalize(header.name).replace(/^\/+|\/+$/g, "");
    if (files.size + links.size > entryLimit) throw new InvalidArgumentError("invalid archive: too many files");
    if (header.type === "file") {
      const { digest } = await content.ingest(dataOf(chunks));
      ingested.push(digest);
      files.set(name, digest);
    } else if (header.type === "symlink") links.set(name, posix.join(posix.dirname(name), header.linkName));
    else if (header.type === "link") links.set(name, posix.normalize(header.linkName));
  }
  const archive: ArchiveFiles = { files, links };
  if (has(archive, "manifest.json")) return await dockerArchive(archive, content);
  if (has(archive, "index.json")) return await ociLayout(archive, content);
  throw new InvalidArgumentError("invalid archive: does not contain a manifest.json");
}

async function* entriesOf(tar: AsyncIterable<Uint8Array>, limits: UnpackLimits | undefined): ReturnType<typeof readTar> {
  try {
    yield* readTar(decompressed(tar, limits));
  } catch (error) {
    throw tarFailure(error);
  }
}

/** moby's image/tarexport `manifestItem`. */
interface DockerManifestItem {
  readonly Config: string;
  readonly RepoTags?: readonly string[] | null;
  readonly Layers: readonly string[];
}

async function dockerArchive(archive: ArchiveFiles, content: ContentStore): Promise<readonly ArchivedImage[]> {
  const items: unknown = parseJson(await content.read(digestIn(archive, "manifest.json")), "manifest.json");
  if (!Array.isArray(items)) throw new InvalidArgumentError("invalid archive: manifest.json is not a list");
  const images: ArchivedImage[] = [];
  for (const item of items as readonly (DockerManifestItem | null)[]) {
    if (typeof item?.Config !== "string" || !isStrings(item.Layers) || !(item.RepoTags == null || isStrings(item.RepoTags))) {
      throw new InvalidArgumentError("invalid archive: malformed manifest.json");
    }
    const layers = item.Layers.map((name) => digestIn(archive, name));
    images.push(checkedImage(await content.read(digestIn(archive, item.Config)), layers, item.RepoTags ?? []));
  }
  return images;
}

async function ociLayout(archive: ArchiveFiles, content: ContentStore): Promise<readonly ArchivedImage[]> {
  const blob = async (descriptor: Descriptor): Promise<Digest> => {
    const digest = digestIn(archive, `blobs/sha256/${hexOf(descriptor.digest)}`);
    // Blobs are named by what they claim to be, and stored by what they are.
    if (digest !== descriptor.digest) throw new InvalidArgumentError(`invalid archive: blob ${descriptor.digest} has digest ${digest}`);
    const size = await content.size(digest);
    if (size !== descriptor.size)
      throw new InvalidArgumentError(`invalid archive: blob ${digest} has ${size} bytes, expected ${descriptor.size}`);
    return digest;
  };
  const images: ArchivedImage[] = [];
  const visit = async (descriptor: Descriptor, inherited: readonly string[], depth: number): Promise<void> => {
    const name = descriptor.annotations?.["io.containerd.image.name"] ?? descriptor.annotations?.["org.opencontainers.image.ref.name"];
    // A bare tag, as skopeo writes it, names no repository.
    const names = name === undefined || !/[:@/]/.test(name) ? inherited : [name];
    const document = parseManifest(await content.read(await blob(descriptor)), descriptor.mediaType);
    if (document.kind === "index") {
      if (depth > nestingLimit) throw new InvalidArgumentError("invalid archive: indexes of indexes");
      // Of an image for several machines the archive may have but one.
      await visit(choosePlatform(document.index, parsePlatform("")), names, depth + 1);
      return;
    }
    const { config, layers } = document.manifest;
    const digests: Digest[] = [];
    for (const layer of layers) digests.push(await blob(layer));
    images.push(checkedImage(await content.read(await blob(config)), digests, names));
  };
  const top = parseManifest(await content.read(digestIn(archive, "index.json")), mediaTypes.index);
  if (top.kind !== "index") throw new InvalidArgumentError("invalid archive: malformed index.json");
  for (const descriptor of top.index.manifests) await visit(descriptor, [], 0);
  return images;
}

function checkedImage(config: Buffer, layers: readonly Digest[], names: readonly string[]): ArchivedImage {
  const value: unknown = parseJson(config, "image configuration");
  const rootfs = isObject(value) && isObject(value["rootfs"]) ? value["rootfs"] : {};
  if (!isStrings(rootfs["diff_ids"])) throw new InvalidArgumentError("invalid archive: image configuration without rootfs");
  const diffIds = rootfs["diff_ids"].map((diffId) => parseDigest(diffId) as unknown as DiffId);
  if (diffIds.length !== layers.length) {
    throw new InvalidArgumentError(`invalid manifest, layers length mismatch: expected ${diffIds.length}, got ${layers.length}`);
  }
  return { config, diffIds, layers, names };
}

function has(archive: ArchiveFiles, name: string): boolean {
  return archive.files.has(name) || archive.links.has(name);
}

/** The blob of an archive's file. Archives of old Docker versions link a layer that occurs twice. */
function digestIn({ files, links }: ArchiveFiles, name: string): Digest {
  let path = posix.normalize(name);
  for (let hops = 0; hops < linkLimit; hops++) {
    const digest = files.get(path);
    if (digest) return digest;
    const next = links.get(path);
    if (next === undefined) break;
    path = next;
  }
  throw new InvalidArgumentError(`invalid archive: ${JSON.stringify(name)} is missing`);
}

function parseJson(bytes: Buffer, what: string): unknown {
  try {
    return JSON.parse(bytes.toString()) as unknown;
  } catch (error) {
    throw new InvalidArgumentError(`invalid archive: ${what} is not JSON`, { cause: error });
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

function isStrings(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === "string");
}

async function* dataOf(chunks: AsyncIterable<{ offset: number; data: Buffer }>): AsyncGenerator<Buffer> {
  for await (const { data } of chunks) yield data;
}
