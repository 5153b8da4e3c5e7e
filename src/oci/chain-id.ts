import { digestOf, type ChainId, type DiffId } from "./digest.ts";

/** The chain id of the topmost of `diffIds`, lowest first; null for no layers (image-spec config.md#layer-chainid). */
export function chainIdOf(diffIds: readonly DiffId[]): ChainId | null {
  return chainIdsOf(diffIds).at(-1) ?? null;
}

/** The chain id of every layer, lowest first. */
export function chainIdsOf(diffIds: readonly DiffId[]): readonly ChainId[] {
  const chain: ChainId[] = [];
  for (const diffId of diffIds) {
    const below = chain.at(-1);
    chain.push((below === undefined ? diffId : digestOf(`${below} ${diffId}`)) as unknown as ChainId);
  }
  return chain;
}
