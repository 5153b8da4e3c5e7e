import { createHash } from "node:crypto";
import type { Random } from "../scenario/scenario.generated.ts";

/**
 * The value that `seed` draws for a scenario's variable: the same for the same three, on every machine. Its digest is the source of
 * chance, so that neighbouring seeds, as students have them, give unlike values.
 */
export function draw(
  from: Random,
  { seed, scenario, name }: { readonly seed: string; readonly scenario: string; readonly name: string },
): string {
  const bytes = (count: number): Buffer => {
    const blocks = Array.from({ length: Math.ceil(count / 32) }, (_, block) =>
      createHash("sha256")
        .update(JSON.stringify([seed, scenario, name, block]))
        .digest(),
    );
    return Buffer.concat(blocks).subarray(0, count);
  };
  // Eight bytes over a small range: how uneven that is, nobody can see.
  const below = (count: number): number => Number(bytes(8).readBigUInt64BE() % BigInt(count));
  if (from.between !== undefined) {
    const [low = 0, high = low] = from.between;
    return String(low + below(high - low + 1));
  }
  if (from.oneOf !== undefined) return String(from.oneOf[below(from.oneOf.length)]);
  return [...bytes(from.letters ?? 1)].map((byte) => String.fromCharCode(97 + (byte % 26))).join("");
}
