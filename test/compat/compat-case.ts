import type { Difference } from "./differences.ts";

/** A shell script that must show the same on every backend. */
export interface CompatCase {
  /** A sentence: what is so on both. */
  readonly title: string;
  /**
   * `t WORDS` in it runs docker with these words, told on both streams before, with its exit code behind. What happens in its own time is
   * awaited, by the helpers in `backends.ts`.
   */
  readonly script: string;
  /** What the backends must differ in; nothing else. */
  readonly except?: readonly Difference[];
}
