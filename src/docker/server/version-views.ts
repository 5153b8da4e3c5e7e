import type { ContainerInspect, ContainerSummary, EndpointSettings, ImageInspect, ImageSummary } from "../api/types.ts";

/** The fields of an image's that newer API versions left out (version history of the Engine API, 1.44 and 1.45). */
interface Former {
  readonly Container?: string;
  readonly ContainerConfig?: object;
}

/** An image of a list: clients before API 1.44 read the size from `VirtualSize`, which says the same. */
export function imageView(image: ImageSummary, minorVersion: number): object {
  return minorVersion < 44 ? { ...image, VirtualSize: image.Size } : image;
}

/** An image as inspect shows it; until API 1.44 also with the container that it was made in. */
export function imageInspectView(image: ImageInspect & Former, minorVersion: number): object {
  const { Container = "", ContainerConfig, ...rest } = image;
  return {
    ...rest,
    ...(minorVersion < 44 && { VirtualSize: image.Size }),
    ...(minorVersion < 45 && { Container, ContainerConfig: ContainerConfig ?? image.Config }),
  };
}

/** A container as inspect shows it: since API 1.44 each endpoint tells the names that others on its network know it by. */
export function containerInspectView(container: ContainerInspect, minorVersion: number): object {
  if (minorVersion < 44) return container;
  const { Networks } = container.NetworkSettings;
  const own = [container.Name.slice(1), container.Id.slice(0, 12), container.Config.Hostname ?? ""];
  const named = (endpoint: EndpointSettings): EndpointSettings => {
    // On the default networks nobody is known by a name.
    const names = endpoint.Aliases ? [own[0] ?? "", ...endpoint.Aliases, ...own.slice(1)].filter(Boolean) : null;
    return { ...endpoint, DNSNames: names && [...new Set(names)] };
  };
  const networks = Object.fromEntries(Object.entries(Networks).map(([name, endpoint]) => [name, named(endpoint)]));
  return { ...container, NetworkSettings: { ...container.NetworkSettings, Networks: networks } };
}

/** A container of a list, whose endpoints have the field and nothing in it, as dockerd's. */
export function containerView(container: ContainerSummary, minorVersion: number): object {
  if (minorVersion < 44) return container;
  const networks = Object.entries(container.NetworkSettings.Networks).map(([name, endpoint]) => [name, { ...endpoint, DNSNames: null }]);
  return { ...container, NetworkSettings: { Networks: Object.fromEntries(networks) as object } };
}
