import { readFile } from "node:fs/promises";
import { writeFileAtomic } from "../../base/atomic-file.ts";
import type { Digest } from "../../oci/digest.ts";
import type { Descriptor } from "../../oci/manifest.ts";
import type { Reference } from "../../oci/reference.ts";

/** What registries have of a layer that is here. */
interface KnownBlob {
  /** As it is there, compressed. */
  readonly blob: Descriptor;
  /** `localhost:5000/app`, the one last seen first. */
  readonly repositories: readonly string[];
}

/** Repositories that are kept for one layer. */
const repositoryLimit = 20;

/**
 * Which layers registries have, by the digest that a layer has here: a second push need not compress it again, nor one to a neighbouring
 * repository send it. It only ever saves work, so a file that cannot be read counts as empty.
 */
export class KnownBlobs {
  readonly #file: string;
  readonly #blobs = new Map<string, KnownBlob>();
  #saving: Promise<void> = Promise.resolve();

  private constructor(file: string) {
    this.#file = file;
  }

  static async open(file: string): Promise<KnownBlobs> {
    const known = new KnownBlobs(file);
    try {
      const entries = JSON.parse(await readFile(file, "utf8")) as Readonly<Record<string, KnownBlob>>;
      for (const [digest, entry] of Object.entries(entries)) known.#blobs.set(digest, entry);
    } catch {
      known.#blobs.clear();
    }
    return known;
  }

  /** How registries have the layer that is `digest` here. */
  blob(digest: Digest): Descriptor | null {
    return this.#blobs.get(digest)?.blob ?? null;
  }

  /** Paths of other repositories of the same registry that have had it. */
  neighbours(digest: Digest, { domain, path }: Reference): readonly string[] {
    const prefix = `${domain}/`;
    const names = this.#blobs.get(digest)?.repositories ?? [];
    return names.filter((name) => name.startsWith(prefix) && name !== prefix + path).map((name) => name.slice(prefix.length));
  }

  /** Remembers where the layer is; nothing is on disk before `save`. */
  add(digest: Digest, blob: Descriptor, { domain, path }: Reference): void {
    const name = `${domain}/${path}`;
    const others = (this.#blobs.get(digest)?.repositories ?? []).filter((other) => other !== name);
    this.#blobs.set(digest, { blob, repositories: [name, ...others].slice(0, repositoryLimit) });
  }

  async save(): Promise<void> {
    const previous = this.#saving;
    this.#saving = (async () => {
      await previous.catch(() => {});
      await writeFileAtomic(this.#file, `${JSON.stringify(Object.fromEntries(this.#blobs))}\n`);
    })();
    await this.#saving;
  }
}
