import { readFile } from "node:fs/promises";
import { writeFileAtomic } from "../../base/atomic-file.ts";
import { hasErrno, InternalError, messageOf, NotFoundError } from "../../base/errors.ts";
import type { Digest } from "../../oci/digest.ts";
import type { Descriptor } from "../../oci/manifest.ts";
import type { ContentStore, PublishedImage } from "../content/content-store.ts";
import { canonicalString, familiarString, parseReference, withDefaultTag, type Reference } from "../../oci/reference.ts";

/** What is kept of an image apart from its blobs. */
export interface ImageRecord {
  readonly id: Digest;
  /** Its manifest in the content store. */
  readonly manifest: Descriptor;
  /** Its layers as they are stored, maybe compressed, lowest first. */
  readonly layers: readonly Descriptor[];
  readonly parent: Digest | "";
  /** Bytes, all layers, uncompressed. */
  readonly size: number;
  /** RFC 3339; null when never. */
  readonly lastTagTime: string | null;
  /** Of a build's step: a record of the build cache, which is no image to anybody but builds. */
  readonly cache?: CacheEntry;
}

/** What is known of a step that a build may use again. Times are RFC 3339. */
export interface CacheEntry {
  /** Names what was done to what: two steps with one key have the same outcome. */
  readonly key: string;
  readonly description: string;
  readonly created: string;
  readonly lastUsed: string;
  readonly uses: number;
}

interface DatabaseFile {
  readonly version: 1;
  readonly images: readonly ImageRecord[];
  /** Whole references, `docker.io/library/busybox:latest`, by tag or by manifest digest. */
  readonly references: Readonly<Record<string, Digest>>;
}

/** The images of a root and their names: held in memory, and in one file that is replaced at once. */
export class ImageDatabase {
  readonly #file: string;
  readonly #content: Pick<ContentStore, "sync" | "publish">;
  readonly #images = new Map<Digest, ImageRecord>();
  readonly #references = new Map<string, Digest>();
  #saving: Promise<void> = Promise.resolve();

  private constructor(file: string, content: Pick<ContentStore, "sync" | "publish">) {
    this.#file = file;
    this.#content = content;
  }

  /** Opens the database in `file`, empty when there is none. @throws InternalError when it cannot be read. */
  static async open(file: string, content: Pick<ContentStore, "sync" | "publish">): Promise<ImageDatabase> {
    const database = new ImageDatabase(file, content);
    let text: string;
    try {
      text = await readFile(file, "utf8");
    } catch (error) {
      if (hasErrno(error, "ENOENT")) return database;
      throw error;
    }
    try {
      const { images, references } = JSON.parse(text) as DatabaseFile;
      for (const image of images) database.#images.set(image.id, image);
      for (const [name, id] of Object.entries(references)) database.#references.set(name, id);
    } catch (error) {
      throw new InternalError(`cannot read ${file}: ${messageOf(error)}`, { cause: error });
    }
    return database;
  }

  all(): readonly ImageRecord[] {
    return [...this.#images.values()].filter(({ cache }) => !cache);
  }

  /** The records of the build cache. */
  cached(): readonly ImageRecord[] {
    return [...this.#images.values()].filter(({ cache }) => cache);
  }

  get(id: Digest): ImageRecord | null {
    return this.#images.get(id) ?? null;
  }

  childrenOf(id: Digest): readonly ImageRecord[] {
    return this.all().filter(({ parent }) => parent === id);
  }

  /** The image that a reference with tag or digest names. */
  byReference(reference: Reference): Digest | null {
    return this.#references.get(canonicalString(onlyOne(withDefaultTag(reference)))) ?? null;
  }

  /** The references to an image, sorted with their registries, as dockerd lists them. */
  referencesOf(id: Digest): readonly Reference[] {
    return [...this.#references]
      .filter(([, image]) => image === id)
      .map(([name]) => parseReference(name))
      .toSorted((a, b) => (canonicalString(a) < canonicalString(b) ? -1 : 1));
  }

  /** Tags of a repository, sorted. */
  tagsOf({ domain, path }: Reference): readonly Reference[] {
    return [...this.#references.keys()]
      .map((name) => parseReference(name))
      .filter((reference) => reference.domain === domain && reference.path === path && reference.tag !== undefined)
      .toSorted((a, b) => ((a.tag ?? "" < (b.tag ?? "")) ? -1 : 1));
  }

  /** Resolves as Docker's `GetImage`: a name first, then an unambiguous prefix of an id. @throws InvalidArgumentError for what is no name at all. */
  find(text: string): ImageRecord | null {
    if (/^(?:sha256:)?[0-9a-f]{64}$/.test(text)) return this.get(`sha256:${text.slice(-64)}` as Digest);
    const named = this.byReference(parseReference(text));
    if (named) return this.get(named);
    const prefix = text.replace(/^sha256:/, "");
    if (!/^[0-9a-f]+$/.test(prefix)) return null;
    const matching = this.all().filter(({ id }) => id.startsWith(`sha256:${prefix}`));
    return matching.length === 1 ? (matching[0] ?? null) : null;
  }

  /** As `find`. @throws NotFoundError with Docker's text. */
  require(text: string): ImageRecord {
    const found = this.find(text);
    if (found) return found;
    throw noSuchImage(text);
  }

  /** Adds or replaces an image. Nothing is on disk before `save`. */
  put(record: ImageRecord): void {
    this.#images.set(record.id, record);
  }

  /** Removes an image; its children keep no parent. */
  delete(id: Digest): void {
    this.#images.delete(id);
    for (const child of this.childrenOf(id)) this.put({ ...child, parent: "" });
  }

  /** Removes an image that is not whole any more, with its names. */
  forget(id: Digest): void {
    for (const reference of this.referencesOf(id)) this.deleteReference(reference);
    this.delete(id);
  }

  /** Points a tag or digest at an image; gives the image that it pointed at before. */
  setReference(reference: Reference, id: Digest, now: Date): Digest | null {
    const key = canonicalString(onlyOne(reference));
    const before = this.#references.get(key) ?? null;
    this.#references.set(key, id);
    const record = this.get(id);
    if (record) this.put({ ...record, lastTagTime: now.toISOString() });
    return before;
  }

  deleteReference(reference: Reference): void {
    this.#references.delete(canonicalString(onlyOne(reference)));
  }

  /** Writes everything, after what is being written already; what it names is on the disk before. */
  async save(): Promise<void> {
    const previous = this.#saving;
    const next = (async () => {
      await previous.catch(() => {});
      await this.#content.sync();
      const data: DatabaseFile = { version: 1, images: [...this.#images.values()], references: Object.fromEntries(this.#references) };
      await writeFileAtomic(this.#file, `${JSON.stringify(data, null, 1)}\n`);
      await this.#content.publish(this.#published());
    })();
    this.#saving = next;
    await next;
  }

  /** What other tools are told of. */
  #published(): readonly PublishedImage[] {
    const names = new Map<Digest, string[]>();
    for (const [name, id] of this.#references) if (!name.includes("@")) names.set(id, [...(names.get(id) ?? []), name]);
    return this.all().map(({ id, manifest, layers }) => ({
      manifest,
      blobs: [id, ...layers.map(({ digest }) => digest)],
      names: (names.get(id) ?? []).toSorted(),
    }));
  }
}

/** Docker's error for a reference that names nothing here. */
export function noSuchImage(text: string): NotFoundError {
  const isId = /^(?:sha256:)?[0-9a-f]{64}$/.test(text);
  return new NotFoundError(`No such image: ${isId ? `sha256:${text.slice(-64)}` : familiarString(withDefaultTag(parseReference(text)))}`);
}

/** Of a reference with tag and digest the digest counts. */
function onlyOne({ domain, path, tag, digest }: Reference): Reference {
  return { domain, path, ...(digest ? { digest } : tag !== undefined && { tag }) };
}
