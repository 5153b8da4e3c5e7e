import type { Expectation } from "../plan/plan.ts";
import type { Verdict } from "./verdict.ts";
import { reworded, saidOf } from "./matchers/mismatch.ts";
import { say } from "../plan/sayings.ts";

/** The verdict as a waiver has it: until its day is over a failure passes, with what was waived; after that it says that it is over. */
export function waived(verdict: Verdict, waiver: Expectation["waiver"], now: Date): Verdict {
  if (waiver === null || verdict.outcome !== "fail") return verdict;
  const { reason, until } = waiver;
  if (now.toISOString().slice(0, 10) > until)
    return reworded(verdict, (one) => say("{0} (waived only until {1}: {2})", saidOf(one), until, reason));
  return { outcome: "pass", waived: `waived until ${until}: ${reason} (${verdict.rationale})` };
}
