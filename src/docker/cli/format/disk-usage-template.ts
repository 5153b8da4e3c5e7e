import type { BuildCacheRecord } from "../../api/types.ts";
import { containerListing } from "./container-listing.ts";
import { type DiskUsage, firstNames } from "./disk-usage.ts";
import { ago, humanSize } from "./human-units.ts";
import { imageListing } from "./image-listing.ts";
import { goTime } from "./local-time.ts";
import { volumeListing } from "./volume-listing.ts";
import type { Listing } from "./write-list.ts";
import { printTemplate, structOf } from "./write-template-list.ts";

/**
 * What `docker system df -v --format` prints: one template for everything, with lists `.Images`, `.Containers`, `.Volumes` and `.BuildCache`.
 * @param now in milliseconds.
 * @throws StatusError in docker's words when the template is wrong.
 */
export function diskUsageByTemplate({ Images, Containers, Volumes, BuildCache }: DiskUsage, format: string, now: number): string {
  const images = firstNames(Images).map((row) => ({ ...row, digest: "" }));
  const imageFields = imageListing({ truncate: false, digests: false, now });
  const containerFields = containerListing({ truncate: false, size: true, now });
  const cacheFields = buildCacheListing(now);
  return printTemplate(
    "formatter.diskUsageContext",
    new Map([
      ["Images", images.map((row) => structOf(imageFields, row))],
      // Without what they share with their images.
      ["Containers", (Containers ?? []).map((container) => structOf(containerFields, { ...container, SizeRootFs: 0 }))],
      ["Volumes", (Volumes ?? []).map((volume) => structOf(volumeListing, volume))],
      ["BuildCache", (BuildCache ?? []).map((record) => structOf(cacheFields, record))],
    ]),
    format === "json" ? "{{json .}}" : format,
  );
}

function buildCacheListing(now: number): Listing<BuildCacheRecord> {
  const since = (time: string): string => ago(Date.parse(time) / 1000, now);
  return {
    type: "formatter.buildCacheContext",
    quiet: "ID",
    columns: ["ID", "CacheType", "Size", "CreatedSince", "LastUsedSince", "UsageCount", "Shared"],
    fields: {
      ID: { header: "CACHE ID", value: ({ ID }) => ID },
      Parent: { header: "PARENT", value: () => "" },
      CacheType: { header: "CACHE TYPE", value: ({ Type }) => Type },
      Description: { header: "DESCRIPTION", value: ({ Description }) => Description },
      InUse: { header: "IN USE", value: ({ InUse }) => String(InUse) },
      Shared: { header: "SHARED", value: ({ Shared }) => String(Shared) },
      Size: { header: "SIZE", value: ({ Size }) => humanSize(Size, 3) },
      CreatedAt: { header: "CREATED AT", value: ({ CreatedAt }) => goTime(CreatedAt) },
      CreatedSince: { header: "CREATED", value: ({ CreatedAt }) => since(CreatedAt) },
      LastUsedAt: { header: "LAST USED AT", value: ({ LastUsedAt }) => (LastUsedAt === null ? "" : goTime(LastUsedAt)) },
      LastUsedSince: { header: "LAST USED", value: ({ LastUsedAt }) => (LastUsedAt === null ? "" : since(LastUsedAt)) },
      UsageCount: { header: "USAGE", value: ({ UsageCount }) => String(UsageCount) },
    },
  };
}
