import { containerInspect, containerSummary } from "./container-shapes.ts";
import {
  diskUsage,
  errorBody,
  execInspect,
  imageDeletions,
  imageHistory,
  imageInspect,
  imageSummary,
  network,
  progress,
  volume,
} from "./object-shapes.ts";
import { digest, id, integer, list, map, maybe, nullable, object, oneOf, text, type Shape } from "./shape.ts";
import { event, info, stats, versionAnswer } from "./system-shapes.ts";
import type { Visit } from "./tour.ts";

const platform = object({
  architecture: text,
  os: text,
  variant: maybe(text),
  "os.version": maybe(text),
  "os.features": maybe(list(text)),
});
const descriptor = object({
  mediaType: text,
  digest,
  size: integer,
  urls: maybe(nullable(list(text))),
  annotations: maybe(map(text)),
  platform: maybe(nullable(platform)),
});

/** What each endpoint that answers JSON answers with when all is well, after the Engine API's reference, in our own words. */
export const answers: Readonly<Record<string, Shape>> = {
  "GET /version": versionAnswer,
  "GET /info": info,
  "GET /system/df": diskUsage,
  "GET /events": event,
  "POST /auth": object({ Status: text, IdentityToken: maybe(text) }),
  "GET /containers/json": list(containerSummary),
  "GET /containers/{id}/json": containerInspect,
  "POST /containers/create": object({ Id: id, Warnings: nullable(list(text)) }),
  "POST /containers/{id}/update": object({ Warnings: nullable(list(text)) }),
  "POST /containers/{id}/wait": object({ StatusCode: integer, Error: maybe(nullable(object({ Message: text }))) }),
  "POST /containers/prune": object({ ContainersDeleted: nullable(list(id)), SpaceReclaimed: integer }),
  "GET /containers/{id}/top": object({ Titles: list(text), Processes: list(list(text)) }),
  "GET /containers/{id}/changes": nullable(list(object({ Path: text, Kind: oneOf(0, 1, 2) }))),
  "GET /containers/{id}/stats": stats,
  "POST /containers/{id}/exec": object({ Id: id }),
  "GET /exec/{id}/json": execInspect,
  "POST /commit": object({ Id: digest }),
  "GET /images/json": list(imageSummary),
  "GET /images/{name}/json": imageInspect,
  "GET /images/{name}/history": imageHistory,
  "DELETE /images/{name}": imageDeletions,
  "POST /images/prune": object({ ImagesDeleted: nullable(imageDeletions), SpaceReclaimed: integer }),
  "POST /images/create": progress,
  "POST /images/load": progress,
  "POST /images/{name}/push": progress,
  "GET /distribution/{name}/json": object({ Descriptor: descriptor, Platforms: nullable(list(platform)) }),
  "POST /build": progress,
  "POST /build/prune": object({ CachesDeleted: nullable(list(text)), SpaceReclaimed: integer }),
  "GET /networks": list(network),
  "GET /networks/{id}": network,
  "POST /networks/create": object({ Id: id, Warning: text }),
  "POST /networks/prune": object({ NetworksDeleted: nullable(list(text)) }),
  "GET /volumes": object({ Volumes: nullable(list(volume)), Warnings: nullable(list(text)) }),
  "GET /volumes/{name}": volume,
  "POST /volumes/create": volume,
  "POST /volumes/prune": object({ VolumesDeleted: nullable(list(text)), SpaceReclaimed: integer }),
  "GET /plugins": list(object({})),
};

/** What is wrong with the shapes of these answers; empty when nothing is. `version` is the minor version that was asked in. */
export function misshapen(visits: readonly Visit[], version: number): readonly string[] {
  return visits.flatMap(({ route, path, status, values }) => {
    const shape = status >= 400 ? errorBody : answers[route];
    const wrong =
      shape === undefined
        ? values.length > 0
          ? ["is JSON that nobody wrote down"]
          : []
        : values.flatMap((value) => shape(value, "", version));
    const none = shape !== undefined && values.length === 0 && status !== 304 ? ["has no JSON"] : [];
    return [...wrong, ...none].map((complaint) => `${route} (${status}, ${path}): ${complaint}`);
  });
}
