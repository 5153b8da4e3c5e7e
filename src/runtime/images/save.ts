import { Readable } from "node:stream";
import { NotFoundError } from "../../base/errors.ts";
import { hexOf, type Digest } from "../../oci/digest.ts";
import { mediaTypes, type ImageIndex } from "../../oci/manifest.ts";
import { canonicalString, familiarName, familiarString, parseReference, type Reference } from "../../oci/reference.ts";
import { tarHeader, tarPadding } from "../../oci/tar/tar-header.ts";
import { encodeTarHeader, tarEnd } from "../../oci/tar/write-tar.ts";
import type { ImageContext } from "./image-context.ts";
import type { ImageRecord } from "./image-database.ts";
import { imageLabels } from "./read-config.ts";

interface Chosen {
  readonly image: ImageRecord;
  readonly names: Reference[];
}

/**
 * `docker save`: one tar that is both an OCI layout and a docker-archive, as Docker's since 25; older ones load it, too.
 * The same images give the same bytes. @throws NotFoundError
 */
export async function saveImages(context: ImageContext, refs: readonly string[]): Promise<Readable> {
  const chosen = chooseImages(context, refs);
  for (const { image } of chosen)
    context.emit({ action: "save", id: image.id, name: image.id, labels: await imageLabels(context, image.id) });
  return Readable.from(archive(context, chosen), { objectMode: false });
}

/** A name without tag means all of its tags; an id saves the image without a name. */
function chooseImages({ db }: ImageContext, refs: readonly string[]): readonly Chosen[] {
  const chosen = new Map<Digest, Chosen>();
  const choose = (image: ImageRecord, name: Reference | null): void => {
    const entry = chosen.get(image.id) ?? { image, names: [] };
    chosen.set(image.id, entry);
    if (name && !entry.names.some((other) => canonicalString(other) === canonicalString(name))) entry.names.push(name);
  };
  for (const text of refs) {
    const image = db.find(text);
    const isId = image !== null && (image.id.startsWith(text) || hexOf(image.id).startsWith(text));
    if (image && isId) {
      choose(image, null);
      continue;
    }
    const reference = parseReference(text);
    if (reference.tag === undefined && !reference.digest) {
      const tags = db.tagsOf(reference);
      for (const tag of tags) {
        const tagged = db.byReference(tag);
        const record = tagged && db.get(tagged);
        if (record) choose(record, tag);
      }
      // Docker says the name as it was given, without a tag.
      if (tags.length === 0) throw new NotFoundError(`No such image: ${text}`);
      continue;
    }
    if (!image) throw new NotFoundError("reference does not exist");
    choose(image, reference.digest ? null : reference);
  }
  return [...chosen.values()];
}

async function* archive({ content }: ImageContext, chosen: readonly Chosen[]): AsyncGenerator<Buffer> {
  const index: ImageIndex = {
    schemaVersion: 2,
    mediaType: mediaTypes.index,
    manifests: chosen.flatMap(({ image, names }) => {
      const annotated = names.map((name) => ({
        "io.containerd.image.name": canonicalString(name),
        "org.opencontainers.image.ref.name": name.tag ?? "latest",
      }));
      return annotated.length === 0 ? [image.manifest] : annotated.map((annotations) => ({ ...image.manifest, annotations }));
    }),
  };
  const items = chosen.map(({ image, names }) => ({
    Config: blobPath(image.id),
    RepoTags: names.length > 0 ? names.map((name) => familiarString(name)) : null,
    Layers: image.layers.map(({ digest }) => blobPath(digest)),
  }));
  const repositories: Record<string, Record<string, string>> = {};
  for (const { image, names } of chosen) {
    const top = image.layers.at(-1);
    for (const name of top ? names : []) (repositories[familiarName(name)] ??= {})[name.tag ?? "latest"] = hexOf(top?.digest ?? image.id);
  }
  const blobs = new Set(chosen.flatMap(({ image }) => [image.id, image.manifest.digest, ...image.layers.map(({ digest }) => digest)]));
  for (const name of ["blobs/", "blobs/sha256/"]) yield encodeTarHeader(tarHeader({ name, type: "directory" }));
  for (const digest of [...blobs].toSorted()) {
    const size = await content.size(digest);
    yield encodeTarHeader(tarHeader({ name: blobPath(digest), size }));
    for await (const chunk of await content.open(digest)) yield chunk as Buffer;
    yield Buffer.alloc(tarPadding(size));
  }
  yield jsonFile("index.json", index);
  yield jsonFile("manifest.json", items);
  yield jsonFile("oci-layout", { imageLayoutVersion: "1.0.0" });
  if (Object.keys(repositories).length > 0) yield jsonFile("repositories", repositories);
  yield tarEnd;
}

function jsonFile(name: string, value: unknown): Buffer {
  const bytes = Buffer.from(`${JSON.stringify(value)}\n`);
  return Buffer.concat([encodeTarHeader(tarHeader({ name, size: bytes.length })), bytes, Buffer.alloc(tarPadding(bytes.length))]);
}

function blobPath(digest: Digest): string {
  return `blobs/sha256/${hexOf(digest)}`;
}
