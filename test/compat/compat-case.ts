import type { Difference } from "./differences.ts";

/** A shell script that must show the same on every backend. */
export interface CompatCase {
  /** A sentence: what is so on both. */
  readonly title: string;
  /** `t WORDS` in it runs docker with these words, told on both streams before, with its exit code behind. */
  readonly script: string;
  /** What only clients of version 28 and later say on stdout. */
  readonly newClient?: boolean;
  /** What the backends must differ in; nothing else. */
  readonly except?: readonly Difference[];
}
