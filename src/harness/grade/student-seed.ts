import { createHash } from "node:crypto";

/** The variable SEED of a student's scenarios: a number from 0 to 2147483647 that is always the same for the same exercise and id. */
export function studentSeed(exerciseSeed: string, id: string): string {
  const digest = createHash("sha256")
    .update(JSON.stringify([exerciseSeed, id]))
    .digest();
  return String(digest.readUInt32BE(0) >>> 1);
}
