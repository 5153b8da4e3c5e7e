import type { UnixClient } from "../client/unix-client.ts";
import type { Inspected } from "./inspect-objects.ts";

export type ObjectKind = "container" | "image" | "network" | "volume";

/** How to look at each kind of object, in the order in which a bare name is tried. */
export const inspectors: Readonly<Record<ObjectKind, (client: UnixClient, name: string, size: boolean) => Promise<Inspected>>> = {
  container: async (client, name, size) => ({ type: "types.ContainerJSON", json: await client.inspectContainer(name, { size }) }),
  image: async (client, name) => ({ type: "types.ImageInspect", json: await client.inspectImage(name) }),
  network: async (client, name) => ({ type: "types.NetworkResource", json: await client.inspectNetwork(name) }),
  volume: async (client, name) => ({ type: "types.Volume", json: await client.inspectVolume(name) }),
};

/** One kind of object by name. @throws the engine's error. */
export async function inspectKind(kind: ObjectKind, client: UnixClient, name: string, size = false): Promise<Inspected> {
  return inspectors[kind](client, name, size);
}
