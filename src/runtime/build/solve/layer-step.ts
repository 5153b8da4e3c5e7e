import { createHash } from "node:crypto";
import type { Image, Images } from "../../images/images.ts";
import type { Vertex } from "./progress.ts";

/** A step that adds a layer. */
export interface LayerStep {
  readonly vertex: Vertex;
  /** Everything that its outcome depends on, the layers below it too. */
  readonly key: string;
  readonly description: string;
  readonly parent: Image | null;
  /** False for a stage that is to be done again. */
  readonly usesCache: boolean;
  /** Makes the layer in an active snapshot and hands its key to `commit`. */
  readonly make: (commit: (snapshot: string) => Promise<void>) => Promise<void>;
}

/** The steps of one build, which are taken from the build cache where they were made before. */
export class LayerSteps {
  readonly #images: Images;
  readonly #useCache: boolean;
  readonly #newest: number | null;
  readonly #now: () => string;
  readonly #making = new Map<string, Promise<Image>>();

  constructor(images: Images, options: { readonly useCache: boolean; readonly newest: number | null; readonly now: () => string }) {
    this.#images = images;
    this.#useCache = options.useCache;
    this.#newest = options.newest;
    this.#now = options.now;
  }

  /** Two stages that do the same do it once. */
  async run(step: LayerStep): Promise<Image> {
    const { key, vertex } = step;
    const other = this.#making.get(key);
    if (other) {
      const image = await other;
      await vertex.cached();
      return image;
    }
    const making = this.#findOrMake(step);
    this.#making.set(key, making);
    making.catch(() => this.#making.delete(key));
    return await making;
  }

  async #findOrMake(step: LayerStep): Promise<Image> {
    const { vertex, key } = step;
    const found = this.#useCache && step.usesCache ? await this.#images.findCached(key) : null;
    if (!found) return await vertex.run(async () => await this.#make(step));
    await vertex.cached();
    return found;
  }

  async #make({ parent, key, description, make }: LayerStep): Promise<Image> {
    let image: Image | null = null;
    await make(async (snapshot) => {
      image = await this.#commit(snapshot, parent, { key, description });
    });
    return image ?? (await this.#commit(null, parent, { key, description }));
  }

  /** A record of `scratch`, since containers are of images. */
  async empty(): Promise<Image> {
    const key = keyOf(["scratch"]);
    return (await this.#images.findCached(key)) ?? (await this.#commit(null, null, { key, description: "scratch" }));
  }

  async #commit(
    snapshot: string | null,
    parent: Image | null,
    cache: { readonly key: string; readonly description: string },
  ): Promise<Image> {
    return await this.#images.commit({
      snapshot,
      parent,
      containerId: "",
      config: {},
      // The key makes each record's configuration another than all others'.
      history: { created: this.#now(), created_by: cache.description, comment: cache.key },
      author: "",
      repo: "",
      tag: "",
      cache,
      newest: this.#newest,
    });
  }
}

/** Names what these parts are; the same parts have the same name. */
export function keyOf(parts: readonly unknown[]): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex");
}
