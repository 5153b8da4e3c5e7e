import type { ImageSummary } from "../../api/types.ts";
import { ago, humanSize } from "./human-units.ts";
import { localTime } from "./local-time.ts";
import { truncateId } from "./truncate-id.ts";
import type { Listing } from "./write-list.ts";

/** A line of `docker images`: an image under one of its names. */
export interface ImageRow {
  readonly image: ImageSummary;
  readonly repository: string;
  readonly tag: string;
  readonly digest: string;
}

const NONE = "<none>";
const UNKNOWN = "N/A";

/** The lines that images make: one a tag, one for what has only a digest or no name at all; with `digests` one a digest too. */
export function imageRows(images: readonly ImageSummary[], digests: boolean): readonly ImageRow[] {
  return images.flatMap((image) => {
    const tags = (image.RepoTags ?? []).filter((name) => name !== `${NONE}:${NONE}`);
    const known = (image.RepoDigests ?? []).filter((name) => name !== `${NONE}@${NONE}`);
    const tagged = tags.flatMap((name): ImageRow[] => {
      const colon = name.lastIndexOf(":");
      const repository = name.slice(0, colon);
      const tag = name.slice(colon + 1);
      const own = digests ? known.filter((digest) => digest.startsWith(`${repository}@`)) : [];
      return (own.length > 0 ? own.map((digest) => digest.slice(repository.length + 1)) : [NONE]).map((digest) => ({
        image,
        repository,
        tag,
        digest,
      }));
    });
    const untagged = known
      .map((name): ImageRow => ({
        image,
        repository: name.split("@", 1).join(""),
        tag: NONE,
        digest: digests ? (name.split("@")[1] ?? NONE) : "",
      }))
      .filter((row) => !tagged.some(({ repository }) => repository === row.repository));
    const rows = [...tagged, ...untagged];
    return rows.length > 0 ? rows : [{ image, repository: NONE, tag: NONE, digest: NONE }];
  });
}

/** How images are listed; `now` in milliseconds. */
export function imageListing(options: { truncate: boolean; digests: boolean; now: number }): Listing<ImageRow> {
  const { truncate, now } = options;
  return {
    type: "formatter.imageContext",
    quiet: "ID",
    columns: ["Repository", "Tag", ...(options.digests ? ["Digest"] : []), "ID", "CreatedSince", "Size"],
    rawQuiet: "image_id: {{.ID}}",
    raw:
      `repository: {{.Repository}}\ntag: {{.Tag}}\n${options.digests ? "digest: {{.Digest}}\n" : ""}` +
      "image_id: {{.ID}}\ncreated_at: {{.CreatedAt}}\nvirtual_size: {{.Size}}\n",
    fields: {
      ID: { header: "IMAGE ID", value: ({ image }) => (truncate ? truncateId(image.Id) : image.Id) },
      Repository: { header: "REPOSITORY", value: ({ repository }) => repository },
      Tag: { header: "TAG", value: ({ tag }) => tag },
      Digest: { header: "DIGEST", value: ({ digest }) => digest },
      CreatedSince: { header: "CREATED", value: ({ image }) => (image.Created <= 0 ? "" : ago(image.Created, now)) || "N/A" },
      CreatedAt: { header: "CREATED AT", value: ({ image }) => localTime(image.Created) },
      Size: { header: "SIZE", value: ({ image }) => humanSize(image.Size, 3) },
      // Counted for `system df` alone.
      Containers: { header: "CONTAINERS", value: ({ image }) => (image.Containers < 0 ? UNKNOWN : String(image.Containers)) },
      VirtualSize: { header: "SIZE", value: ({ image }) => humanSize(image.Size) },
      SharedSize: { header: "SHARED SIZE", value: ({ image }) => (image.SharedSize < 0 ? UNKNOWN : humanSize(image.SharedSize)) },
      UniqueSize: {
        header: "UNIQUE SIZE",
        value: ({ image }) => (image.SharedSize < 0 ? UNKNOWN : humanSize(image.Size - image.SharedSize)),
      },
    },
  };
}
