import type { Ignore } from "@balena/dockerignore";
import { InvalidArgumentError } from "../../base/errors.ts";
import { TimeLimitError, withinTime } from "../../base/time-limit.ts";

/** For one name. */
const LIMIT_MS = 500;

/**
 * Whether patterns leave a name out. They become expressions of JavaScript, of which one with many stars may be tried for ever.
 * @throws InvalidArgumentError when it takes too long.
 */
export function ignoredInTime(patterns: Ignore, name: string): boolean {
  try {
    return withinTime(LIMIT_MS, () => patterns.ignores(name));
  } catch (error) {
    if (!(error instanceof TimeLimitError)) throw error;
    throw new InvalidArgumentError(`the patterns of what to leave out take too long for ${JSON.stringify(name)}`, { cause: error });
  }
}
