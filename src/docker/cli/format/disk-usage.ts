import type { BuildCacheRecord, ContainerSummary, ImageSummary } from "../../api/types.ts";
import { ellipsis } from "./ellipsis.ts";
import { goQuote } from "./go-quote.ts";
import { ago, humanSize } from "./human-units.ts";
import { type ImageRow, imageRows } from "./image-listing.ts";
import { alignTabs } from "./tab-writer.ts";
import { truncateId } from "./truncate-id.ts";
import type { MeasuredVolume } from "./volume-listing.ts";
import type { Listing } from "./write-list.ts";

/** Answer of `GET /system/df`; sizes are bytes. */
export interface DiskUsage {
  readonly LayersSize: number;
  readonly Images: readonly ImageSummary[] | null;
  readonly Containers: readonly ContainerSummary[] | null;
  readonly Volumes: readonly MeasuredVolume[] | null;
  readonly BuildCache: readonly BuildCacheRecord[] | null;
}

interface Row {
  readonly type: string;
  readonly total: number;
  readonly active: number;
  readonly size: number;
  readonly reclaimable: number;
  /** Of what the share in brackets is; null for none. */
  readonly share: number | null;
}

/** A line for images, containers, volumes and the build cache. */
export function diskUsageRows({ LayersSize, Images, Containers, Volumes, BuildCache }: DiskUsage): readonly Row[] {
  const images = Images ?? [];
  const containers = Containers ?? [];
  const volumes = Volumes ?? [];
  const cache = BuildCache ?? [];
  const used = images
    .filter((image) => image.Containers > 0 && image.SharedSize !== -1)
    .reduce((sum, image) => sum + image.Size - image.SharedSize, 0);
  const active = containers.filter(({ State }) => ["running", "paused", "restarting"].includes(State));
  const sizeOf = (list: readonly ContainerSummary[]): number => list.reduce((sum, { SizeRw = 0 }) => sum + SizeRw, 0);
  const volumeSize = (list: readonly MeasuredVolume[]): number =>
    list.reduce((sum, { UsageData }) => sum + Math.max(0, UsageData?.Size ?? 0), 0);
  const linked = volumes.filter(({ UsageData }) => (UsageData?.RefCount ?? 0) > 0);
  const cacheSize = cache.reduce((sum, { Size, Shared }) => sum + (Shared ? 0 : Size), 0);
  const cacheUsed = cache.filter(({ InUse }) => InUse).reduce((sum, { Size, Shared }) => sum + (Shared ? 0 : Size), 0);
  const free = (size: number, held: number): Pick<Row, "size" | "reclaimable" | "share"> => ({
    size,
    reclaimable: size - held,
    share: size > 0 ? size : null,
  });
  return [
    { type: "Images", total: images.length, active: images.filter((image) => image.Containers > 0).length, ...free(LayersSize, used) },
    { type: "Containers", total: containers.length, active: active.length, ...free(sizeOf(containers), sizeOf(active)) },
    { type: "Local Volumes", total: volumes.length, active: linked.length, ...free(volumeSize(volumes), volumeSize(linked)) },
    {
      type: "Build Cache",
      total: cache.length,
      active: cache.filter(({ InUse }) => InUse).length,
      ...free(cacheSize, cacheUsed),
      share: null,
    },
  ];
}

export const diskUsageListing: Listing<Row> = {
  type: "formatter.diskUsageContext",
  quiet: "Type",
  columns: ["Type", "TotalCount", "Active", "Size", "Reclaimable"],
  fields: {
    Type: { header: "TYPE", value: ({ type }) => type },
    TotalCount: { header: "TOTAL", value: ({ total }) => String(total) },
    Active: { header: "ACTIVE", value: ({ active }) => String(active) },
    Size: { header: "SIZE", value: ({ size }) => humanSize(size) },
    Reclaimable: {
      header: "RECLAIMABLE",
      value: ({ reclaimable, share }) => humanSize(reclaimable) + (share === null ? "" : ` (${Math.trunc((reclaimable * 100) / share)}%)`),
    },
  },
};

/** What `docker system df -v` prints. */
export function diskUsageDetails({ Images, Containers, Volumes, BuildCache }: DiskUsage, now: number): string {
  const images = firstNames(Images).map(({ image, repository, tag }) => {
    const shared = Math.max(0, image.SharedSize);
    const parts = image.SharedSize < 0 ? ["N/A", "N/A"] : [shared, image.Size - shared].map((size) => humanSize(size));
    return [repository, tag, truncateId(image.Id), ago(image.Created, now), humanSize(image.Size, 3), ...parts, String(image.Containers)];
  });
  const containers = (Containers ?? []).map(({ Id, Image, Command, Mounts, SizeRw = 0, Created, Status, Names }) => [
    truncateId(Id),
    Image,
    goQuote(ellipsis(Command, 20)),
    String(Mounts.filter(({ Driver }) => Driver === "local").length),
    humanSize(SizeRw, 3),
    ago(Created, now),
    Status,
    Names.map((name) => name.replace(/^\//, "")).join(","),
  ]);
  const volumes = (Volumes ?? []).map(({ Name, UsageData }) => [
    Name,
    String(UsageData?.RefCount ?? 0),
    humanSize(Math.max(0, UsageData?.Size ?? 0)),
  ]);
  const cache = (BuildCache ?? []).reduce((sum, { Size, Shared }) => sum + (Shared ? 0 : Size), 0);
  return [
    "Images space usage:",
    table("REPOSITORY TAG IMAGE_ID CREATED SIZE SHARED_SIZE UNIQUE_SIZE CONTAINERS", images),
    "Containers space usage:",
    table("CONTAINER_ID IMAGE COMMAND LOCAL_VOLUMES SIZE CREATED STATUS NAMES", containers),
    "Local Volumes space usage:",
    table("VOLUME_NAME LINKS SIZE", volumes),
    `Build cache usage: ${humanSize(cache)}`,
    table("CACHE_ID CACHE_TYPE SIZE CREATED LAST_USED USAGE SHARED", []).trimEnd() + "\n",
  ].join("\n\n");
}

/** Here an image has one line, whatever its names. */
export function firstNames(images: DiskUsage["Images"]): readonly ImageRow[] {
  return imageRows(
    (images ?? []).map((image) => ({ ...image, RepoTags: (image.RepoTags ?? []).slice(0, 1) })),
    false,
  );
}

function table(titles: string, rows: readonly (readonly string[])[]): string {
  const heads = titles.split(" ").map((title) => title.replaceAll("_", " "));
  return alignTabs([heads, ...rows].map((cells) => cells.join("\t")).join("\n"));
}
