import { ConflictError, NotFoundError } from "../../base/errors.ts";
import { untilOf } from "../../base/until.ts";
import { shortId } from "../../base/ids.ts";
import type { Filters, ImageDeleteItem } from "../../docker/api/types.ts";
import { chainIdsOf } from "../../oci/chain-id.ts";
import type { ChainId, Digest } from "../../oci/digest.ts";
import type { ImageConfig } from "../../oci/image-config.ts";
import { canonicalString, familiarString, parseReference, withDefaultTag, type Reference } from "../../oci/reference.ts";
import type { ImageContext } from "./image-context.ts";
import { checkFilters, danglingFilter, matchesLabels } from "./image-filters.ts";
import type { ImageRecord } from "./image-database.ts";
import { createdOf, imageLabels, readConfig } from "./read-config.ts";

interface RemoveOptions {
  readonly force: boolean;
  readonly noPrune: boolean;
}

/** Why an image cannot be deleted. */
interface Obstacle {
  readonly hard: boolean;
  /** By a container. */
  readonly used: boolean;
  readonly message: string;
}

/**
 * `docker rmi`: takes a name away, and with the last one the image and its layers (moby `ImageDelete`).
 * @throws ConflictError with Docker's texts when containers, images or names need it.
 */
export async function removeImage(
  context: ImageContext,
  text: string,
  { force, noPrune }: RemoveOptions,
): Promise<readonly ImageDeleteItem[]> {
  const { db } = context;
  const image = db.require(text);
  const labels = await imageLabels(context, image.id);
  const removed: ImageDeleteItem[] = [];
  const untag = (reference: Reference): void => {
    db.deleteReference(reference);
    removed.push({ Untagged: familiarString(reference) });
    context.emit({ action: "untag", id: image.id, name: image.id, labels });
  };
  const references = db.referencesOf(image.id);
  let quiet = false;
  if (!isIdPrefix(image.id, text)) {
    if (!force && areOne(references)) {
      const container = context.users.containersOf(image.id)[0];
      if (container) {
        const by = `container ${shortId(container.id)} is using its referenced image ${shortId(image.id)}`;
        throw new ConflictError(`conflict: unable to remove repository reference "${text}" (must force) - ${by}`);
      }
    }
    const reference = onlyOne(withDefaultTag(parseReference(text)));
    untag(reference);
    removeLoneDigests(context, image.id, reference, untag);
    if (db.referencesOf(image.id).length > 0) {
      await db.save();
      return removed;
    }
    quiet = true;
  } else if (areOne(references)) {
    const obstacle = obstacleTo(context, image.id, { soft: !force, names: false });
    if (obstacle) throw conflict(image.id, obstacle);
    for (const reference of references) untag(reference);
  }
  await deleteImage(context, image, { force, noPrune, quiet }, removed);
  await db.save();
  return removed;
}

/** `docker image prune`: dangling images, or with `dangling=false` all that no container uses. */
export async function pruneImages(
  context: ImageContext,
  filters: Filters,
): Promise<{ ImagesDeleted: readonly ImageDeleteItem[] | null; SpaceReclaimed: number }> {
  checkFilters(filters, ["dangling", "label", "label!", "until"]);
  const danglingOnly = danglingOnlyOf(filters["dangling"] ?? []);
  const until = untilOf(filters["until"], context.clock.now());
  const removed: ImageDeleteItem[] = [];
  let reclaimed = 0;
  for (const image of context.db.all()) {
    // An earlier round may have taken it along.
    if (!context.db.get(image.id)) continue;
    const references = context.db.referencesOf(image.id);
    if (context.db.childrenOf(image.id).length > 0 && (danglingOnly || references.length === 0)) continue;
    const config = await readConfig(context, image.id);
    if (!matchesLabels(filters, config.config?.Labels)) continue;
    if (until !== null && createdOf(config).getTime() > until) continue;
    if (danglingOnly && references.some(({ digest }) => !digest)) continue;
    const names = references.length > 0 ? references.map((reference) => canonicalString(reference)) : [image.id];
    const chain = chainIdsOf(config.rootfs.diff_ids);
    const sizes = new Map<string, number>();
    for (const chainId of chain) sizes.set(chainId, await context.snapshots.usage(chainId));
    for (const name of names) {
      try {
        const items = await removeImage(context, name, { force: false, noPrune: false });
        removed.push(...items);
        for (const item of items) if ("Deleted" in item) reclaimed += sizes.get(item.Deleted) ?? 0;
      } catch (error) {
        // In use: that is what prune leaves. Or a digest that went with the last tag.
        if (!(error instanceof ConflictError || error instanceof NotFoundError)) throw error;
      }
    }
  }
  return { ImagesDeleted: removed.length > 0 ? removed : null, SpaceReclaimed: reclaimed };
}

/** Docker's client adds what its `-a` says to what the user says; of both, `false` counts. */
function danglingOnlyOf(values: readonly string[]): boolean {
  if (values.some((value) => value === "false" || value === "0")) return false;
  return danglingFilter({ dangling: values }) ?? true;
}

/** Deletes the image and, when nothing else holds them, its nameless parents. */
async function deleteImage(
  context: ImageContext,
  image: ImageRecord,
  { force, noPrune, quiet }: RemoveOptions & { readonly quiet: boolean },
  removed: ImageDeleteItem[],
): Promise<void> {
  const { db } = context;
  const obstacle = obstacleTo(context, image.id, { soft: !force, names: true });
  if (obstacle) {
    const isDangling = db.referencesOf(image.id).length === 0 && db.childrenOf(image.id).length === 0;
    if (quiet && (!isDangling || obstacle.used)) return;
    throw conflict(image.id, obstacle);
  }
  for (const reference of db.referencesOf(image.id)) {
    db.deleteReference(reference);
    removed.push({ Untagged: familiarString(reference) });
  }
  const config = await readConfig(context, image.id);
  db.delete(image.id);
  context.emit({ action: "delete", id: image.id, name: image.id, labels: {} });
  removed.push({ Deleted: image.id });
  for (const chainId of await dropLayers(context, image, config)) removed.push({ Deleted: chainId });
  const parent = image.parent === "" || noPrune ? null : db.get(image.parent);
  if (parent) await deleteImage(context, parent, { force: false, noPrune: false, quiet: true }, removed);
}

/** Removes the layers and blobs of a record that is gone, as far as no other one has them; gives the layers, topmost first. */
export async function dropLayers(context: ImageContext, image: ImageRecord, config: ImageConfig): Promise<readonly ChainId[]> {
  const { db } = context;
  const kept = new Set<string>();
  for (const other of [...db.all(), ...db.cached()]) {
    for (const chainId of chainIdsOf((await readConfig(context, other.id)).rootfs.diff_ids)) kept.add(chainId);
  }
  const dropped: ChainId[] = [];
  for (const chainId of chainIdsOf(config.rootfs.diff_ids).toReversed()) {
    if (kept.has(chainId)) break;
    try {
      await context.snapshots.remove(chainId);
    } catch (error) {
      // A container is on it.
      if (error instanceof ConflictError) break;
      throw error;
    }
    dropped.push(chainId);
  }
  await context.collect([image.id, image.manifest.digest, ...image.layers.map(({ digest }) => digest)]);
  return dropped;
}

function obstacleTo(context: ImageContext, id: Digest, { soft, names }: { soft: boolean; names: boolean }): Obstacle | null {
  if (context.db.childrenOf(id).length > 0) return { hard: true, used: false, message: "image has dependent child images" };
  const containers = context.users.containersOf(id);
  const running = containers.find((container) => container.running);
  if (running) return { hard: true, used: true, message: `image is being used by running container ${shortId(running.id)}` };
  if (!soft) return null;
  if (names && context.db.referencesOf(id).length > 0) {
    return { hard: false, used: false, message: "image is referenced in multiple repositories" };
  }
  const stopped = containers[0];
  return stopped ? { hard: false, used: true, message: `image is being used by stopped container ${shortId(stopped.id)}` } : null;
}

function conflict(id: Digest, { hard, message }: Obstacle): ConflictError {
  return new ConflictError(`conflict: unable to delete ${shortId(id)} (${hard ? "cannot" : "must"} be forced) - ${message}`);
}

/** With its last tag, a repository's digest references go, too. */
function removeLoneDigests({ db }: ImageContext, id: Digest, reference: Reference, untag: (reference: Reference) => void): void {
  if (reference.digest) return;
  const same = db.referencesOf(id).filter(({ domain, path }) => domain === reference.domain && path === reference.path);
  if (same.some(({ digest }) => !digest)) return;
  for (const digestReference of same) untag(digestReference);
}

/** Whether all references are one: one tag at most, and digests of its repository only (moby `isSingleReference`). */
function areOne(references: readonly Reference[]): boolean {
  if (references.length <= 1) return true;
  const tags = references.filter(({ digest }) => !digest);
  if (tags.length > 1) return false;
  return new Set(references.map(({ domain, path }) => `${domain}/${path}`)).size === 1;
}

function isIdPrefix(id: Digest, text: string): boolean {
  return id.startsWith(text) || id.slice("sha256:".length).startsWith(text);
}

function onlyOne({ domain, path, tag, digest }: Reference): Reference {
  return { domain, path, ...(digest ? { digest } : tag !== undefined && { tag }) };
}
