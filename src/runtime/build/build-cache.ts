import { isDeepStrictEqual } from "node:util";
import type { ImageRunConfig } from "../../oci/image-config.ts";
import type { Image, Images } from "../images/images.ts";

/** Images by their parents: a step's image is found again by parent, history line and configuration. */
export class BuildCache {
  readonly #children = new Map<string, Image[]>();
  readonly #isOn: boolean;

  private constructor(isOn: boolean) {
    this.#isOn = isOn;
  }

  static async open(images: Images, options: { readonly noCache: boolean }): Promise<BuildCache> {
    const cache = new BuildCache(!options.noCache);
    if (!options.noCache) for (const image of await images.all()) cache.add(image);
    return cache;
  }

  add(image: Image): void {
    const siblings = this.#children.get(image.parent) ?? [];
    siblings.push(image);
    this.#children.set(image.parent, siblings);
  }

  /** The youngest image that this step made of this parent before, or null. */
  find(parent: Image | null, createdBy: string, config: ImageRunConfig): Image | null {
    if (!this.#isOn) return null;
    const length = (parent?.config.history ?? []).length + 1;
    const wanted = withoutUndefined(config);
    return (
      (this.#children.get(parent?.id ?? "") ?? [])
        .filter(({ config: own }) => {
          const history = own.history ?? [];
          const isSame = history.length === length && history.at(-1)?.created_by === createdBy && !history.at(-1)?.comment;
          return isSame && isDeepStrictEqual(withoutUndefined(own.config ?? {}), wanted);
        })
        .toSorted((a, b) => Date.parse(b.config.created ?? "") - Date.parse(a.config.created ?? ""))[0] ?? null
    );
  }
}

/** As it is read back from a file. */
function withoutUndefined(config: ImageRunConfig): unknown {
  return JSON.parse(JSON.stringify(config));
}
