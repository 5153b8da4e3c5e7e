import { chainIdOf } from "../../oci/chain-id.ts";
import type { Digest } from "../../oci/digest.ts";
import type { ImageConfig } from "../../oci/image-config.ts";
import { familiarName, familiarString, type Reference } from "../../oci/reference.ts";
import type { ImageContext } from "./image-context.ts";
import type { ImageRecord } from "./image-database.ts";
import type { Image } from "./images.ts";

/** Configurations never change, so each is read once; of those last used this many are kept. */
const cacheLimit = 200;
const cache = new Map<Digest, ImageConfig>();

/** The configuration of an image that is here. */
export async function readConfig({ content }: Pick<ImageContext, "content">, id: Digest): Promise<ImageConfig> {
  const known = cache.get(id);
  if (known) return known;
  const config = JSON.parse((await content.read(id)).toString()) as ImageConfig;
  const oldest = cache.size >= cacheLimit ? cache.keys().next().value : undefined;
  if (oldest !== undefined) cache.delete(oldest);
  cache.set(id, config);
  return config;
}

/** The labels of an image that is here, which its events tell. */
export async function imageLabels(context: Pick<ImageContext, "content">, id: Digest): Promise<Readonly<Record<string, string>>> {
  return (await readConfig(context, id)).config?.Labels ?? {};
}

/** A record with everything that others want to know of the image. */
export async function imageOf(context: ImageContext, record: ImageRecord): Promise<Image> {
  const config = await readConfig(context, record.id);
  return {
    id: record.id,
    config,
    chainId: chainIdOf(config.rootfs.diff_ids),
    ...familiarNames(context.db.referencesOf(record.id)),
    parent: record.parent,
    size: record.size,
  };
}

/** References as people write them, apart by tag and by manifest digest. */
export function familiarNames(references: readonly Reference[]): { repoTags: readonly string[]; repoDigests: readonly string[] } {
  return {
    repoTags: references.filter(({ digest }) => !digest).map((reference) => familiarString(reference)),
    repoDigests: references.filter(({ digest }) => digest).map((reference) => `${familiarName(reference)}@${reference.digest}`),
  };
}

/** When it was made; the epoch when its configuration does not say. */
export function createdOf(config: ImageConfig): Date {
  const date = new Date(config.created ?? 0);
  return Number.isNaN(date.getTime()) ? new Date(0) : date;
}
