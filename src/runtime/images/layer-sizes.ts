import { chainIdsOf } from "../../oci/chain-id.ts";
import type { ChainId, Digest } from "../../oci/digest.ts";
import type { ImageContext } from "./image-context.ts";
import { readConfig } from "./read-config.ts";

/** What the layers of all images take, in bytes, each once; and of each image what it shares with others. */
export interface LayerSizes {
  readonly total: number;
  readonly shared: ReadonlyMap<Digest, number>;
}

/** Sums layers up as `docker system df` tells of them. */
export async function layerSizes(context: ImageContext): Promise<LayerSizes> {
  const { db, snapshots } = context;
  const chains = new Map<Digest, readonly ChainId[]>();
  const users = new Map<ChainId, number>();
  for (const { id } of db.all()) {
    const chain = chainIdsOf((await readConfig(context, id)).rootfs.diff_ids);
    chains.set(id, chain);
    for (const chainId of chain) users.set(chainId, (users.get(chainId) ?? 0) + 1);
  }
  const sizes = new Map<ChainId, number>();
  for (const chainId of users.keys()) sizes.set(chainId, await snapshots.usage(chainId));
  const sum = (chain: readonly ChainId[]): number => chain.reduce((total, chainId) => total + (sizes.get(chainId) ?? 0), 0);
  return {
    total: sum([...users.keys()]),
    shared: new Map([...chains].map(([id, chain]) => [id, sum(chain.filter((chainId) => (users.get(chainId) ?? 0) > 1))])),
  };
}
