import { InvalidArgumentError } from "../../base/errors.ts";
import type { Digest } from "../../oci/digest.ts";
import { familiarString, parseReference, type Reference } from "../../oci/reference.ts";
import type { ImageContext } from "./image-context.ts";
import type { ImageRecord } from "./image-database.ts";
import { imageLabels } from "./read-config.ts";

/** Adds an image that was registered, or finds that it is here; a known parent stays known. */
export function addRecord({ db }: ImageContext, image: Omit<ImageRecord, "parent" | "lastTagTime">, parent: Digest | "" = ""): ImageRecord {
  const known = db.get(image.id);
  const record = { ...image, parent: parent === "" ? (known?.parent ?? "") : parent, lastTagTime: known?.lastTagTime ?? null };
  db.put(record);
  return record;
}

/** Names an image, and tells of it. */
export async function nameImage(context: ImageContext, reference: Reference, id: Digest): Promise<void> {
  const labels = await imageLabels(context, id);
  context.db.setReference(reference, id, context.clock.now());
  context.emit({ action: "tag", id, name: familiarString(reference), labels });
}

/** `repo` and `tag` of a request as a reference, `latest` by default; null when `repo` is empty. @throws InvalidArgumentError */
export function targetReference(repo: string, tag: string, digestText: string): Reference | null {
  if (repo === "") return null;
  const { domain, path, tag: own, digest } = parseReference(repo);
  if (digest) throw new InvalidArgumentError(digestText);
  const name = tag || own || "latest";
  return parseReference(`${domain}/${path}:${name}`);
}
