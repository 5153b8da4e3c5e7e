import type { Text } from "../scenario/scenario.generated.ts";
import type { Mismatch } from "./matchers/mismatch.ts";
import type { SerializedError } from "../run/observe/observation.ts";

/** A failing submission is a result; a broken grader is an error. */
export type Verdict =
  /** `waived`: it failed, and that is let pass, for this reason. */
  | { readonly outcome: "pass"; readonly waived?: string }
  /** Theirs to fix. */
  | (Mismatch & { readonly outcome: "fail"; readonly help?: Text })
  /** Ours: no points lost. */
  | { readonly outcome: "error"; readonly error: SerializedError }
  /** A step that this depends on did not happen. */
  | { readonly outcome: "skip"; readonly because: string };
