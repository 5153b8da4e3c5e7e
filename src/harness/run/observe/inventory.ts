import type { ContainerSummary, ImageSummary, NetworkInspect, VolumeInspect } from "../../../docker/api/types.ts";
import type { Scene } from "./engine.ts";
import type { Observation } from "./observation.ts";

/** All that is in an engine, but for what was there before the scenario and is not its own. */
export interface Inventory {
  readonly containers: readonly ContainerSummary[];
  readonly images: readonly ImageSummary[];
  readonly volumes: readonly VolumeInspect[];
  readonly networks: readonly NetworkInspect[];
}

/** What an engine itself brings. */
const OWN_NETWORKS: readonly string[] = ["bridge", "host", "none"];

export async function inventory({ engine, inherited }: Scene): Promise<Inventory> {
  const [containers, images, volumes, networks] = await Promise.all([
    engine.listContainers({ all: true }),
    engine.listImages(),
    engine.listVolumes(),
    engine.listNetworks(),
  ]);
  const all = { containers, images, volumes: volumes.Volumes ?? [], networks };
  if (inherited === null) return all;
  return {
    containers: containers.filter(({ Id }) => !inherited.containers.has(Id)),
    images: images.flatMap((image) => {
      const tags = tagsOf(image).filter((tag) => inherited.tags.get(tag) !== image.Id);
      return tags.length === 0 && inherited.images.has(image.Id) ? [] : [{ ...image, RepoTags: tags }];
    }),
    volumes: all.volumes.filter(({ Name }) => !inherited.volumes.has(Name)),
    networks: networks.filter(({ Id, Name }) => OWN_NETWORKS.includes(Name) || !inherited.networks.has(Id)),
  };
}

export function countsOf({ containers, images, volumes, networks }: Inventory): Extract<Observation, { kind: "count" }>["counts"] {
  return {
    containers: containers.length,
    running: containers.filter(({ State }) => State === "running" || State === "paused").length,
    // An image with several names is listed once a name, one without once.
    images: images.reduce((total, image) => total + Math.max(1, tagsOf(image).length), 0),
    volumes: volumes.length,
    networks: networks.length,
  };
}

/** Their names; an image without one is `<none>`. */
export function namesOf({ containers, images, volumes, networks }: Inventory): Extract<Observation, { kind: "only" }>["names"] {
  return {
    containers: containers.map(({ Names }) => (Names[0] ?? "").replace(/^\//, "")),
    images: images.flatMap((image) => (tagsOf(image).length > 0 ? tagsOf(image) : ["<none>"])),
    volumes: volumes.map(({ Name }) => Name),
    networks: networks.map(({ Name }) => Name).filter((name) => !OWN_NETWORKS.includes(name)),
  };
}

function tagsOf({ RepoTags }: ImageSummary): readonly string[] {
  return (RepoTags ?? []).filter((tag) => tag !== "<none>:<none>");
}
