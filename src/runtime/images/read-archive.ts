import { posix } from "node:path";
import { InvalidArgumentError } from "../../base/errors.ts";
import { parseDigest, type DiffId, type Digest } from "../../oci/digest.ts";
import type { ImageConfig } from "../../oci/image-config.ts";
import { mediaTypes, type Descriptor, type ImageIndex, type Manifest } from "../../oci/manifest.ts";
import { decompressed } from "../../oci/tar/decompress.ts";
import { readTar } from "../../oci/tar/read-tar.ts";
import { Readable } from "node:stream";
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
  content: ContentStore,
  ingested: Digest[],
): Promise<readonly ArchivedImage[]> {
  const files = new Map<string, Digest>();
  const links = new Map<string, string>();
  for await (const { header, content: chunks } of entriesOf(tar)) {
    const name = posix.normalize(header.name).replace(/^\/+|\/+$/g, "");
    if (files.size + links.size > entryLimit) throw new InvalidArgumentError("invalid archive: too many files");
    if (header.type === "file") {
      const { digest } = await content.ingest(Readable.from(dataOf(chunks)));
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

async function* entriesOf(tar: AsyncIterable<Uint8Array>): ReturnType<typeof readTar> {
  try {
    yield* readTar(decompressed(tar));
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
  const items = parseJson<DockerManifestItem[]>(await content.read(digestIn(archive, "manifest.json")), "manifest.json");
  if (!Array.isArray(items)) throw new InvalidArgumentError("invalid archive: manifest.json is not a list");
  const images: ArchivedImage[] = [];
  for (const item of items) {
    if (typeof item?.Config !== "string" || !isStrings(item.Layers) || !(item.RepoTags == null || isStrings(item.RepoTags))) {
      throw new InvalidArgumentError("invalid archive: malformed manifest.json");
    }
    const layers = item.Layers.map((name) => digestIn(archive, name));
    images.push(checkedImage(await content.read(digestIn(archive, item.Config)), layers, item.RepoTags ?? []));
  }
  return images;
}

async function ociLayout(archive: ArchiveFiles, content: ContentStore): Promise<readonly ArchivedImage[]> {
  const blob = async (descriptor: Descriptor): Promise<Buffer> => {
    const digest = digestIn(archive, `blobs/sha256/${parseDigest(descriptor.digest).slice("sha256:".length)}`);
    // Blobs are named by what they claim to be, and stored by what they are.
    if (digest !== descriptor.digest) throw new InvalidArgumentError(`invalid archive: blob ${descriptor.digest} has digest ${digest}`);
    return await content.read(digest);
  };
  const images: ArchivedImage[] = [];
  const visit = async (descriptors: readonly Descriptor[] | undefined, inherited: readonly string[], depth: number): Promise<void> => {
    if (!Array.isArray(descriptors) || depth > 4) throw new InvalidArgumentError("invalid archive: malformed index.json");
    for (const descriptor of descriptors) {
      const name = descriptor.annotations?.["io.containerd.image.name"] ?? descriptor.annotations?.["org.opencontainers.image.ref.name"];
      // A bare tag, as skopeo writes it, names no repository.
      const names = name === undefined || !/[:@/]/.test(name) ? inherited : [name];
      if (descriptor.mediaType === mediaTypes.index || descriptor.mediaType === mediaTypes.dockerList) {
        await visit(parseJson<ImageIndex>(await blob(descriptor), "index").manifests, names, depth + 1);
        continue;
      }
      const manifest = parseJson<Manifest>(await blob(descriptor), "manifest");
      if (!manifest?.config || !Array.isArray(manifest.layers)) throw new InvalidArgumentError("invalid archive: malformed manifest");
      const layers: Digest[] = [];
      for (const { digest } of manifest.layers as readonly Descriptor[]) {
        const found = digestIn(archive, `blobs/sha256/${parseDigest(digest).slice("sha256:".length)}`);
        if (found !== digest) throw new InvalidArgumentError(`invalid archive: blob ${digest} has digest ${found}`);
        layers.push(found);
      }
      images.push(checkedImage(await blob(manifest.config), layers, names));
    }
  };
  await visit(parseJson<ImageIndex>(await content.read(digestIn(archive, "index.json")), "index.json").manifests, [], 0);
  return images;
}

function checkedImage(config: Buffer, layers: readonly Digest[], names: readonly string[]): ArchivedImage {
  const { rootfs } = parseJson<ImageConfig>(config, "image configuration") ?? {};
  if (!isStrings(rootfs?.diff_ids)) throw new InvalidArgumentError("invalid archive: image configuration without rootfs");
  const diffIds = rootfs.diff_ids.map((diffId) => parseDigest(diffId) as unknown as DiffId);
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

function parseJson<T>(bytes: Buffer, what: string): T {
  try {
    return JSON.parse(bytes.toString()) as T;
  } catch (error) {
    throw new InvalidArgumentError(`invalid archive: ${what} is not JSON`, { cause: error });
  }
}

function isStrings(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === "string");
}

async function* dataOf(chunks: AsyncIterable<{ offset: number; data: Buffer }>): AsyncGenerator<Buffer> {
  for await (const { data } of chunks) yield data;
}
