import type { Plan } from "../plan/plan.ts";
import type { CheckResult } from "./report.generated.ts";
import { asRationale, say } from "../plan/sayings.ts";

/** What was there when a scenario was over, and should not have been, a line each. */
export interface Leaks {
  /** Processes that its steps left running: theirs to mend. */
  readonly processes: readonly string[];
  /** What was left of its root when that was removed: ours. */
  readonly leftovers: readonly string[];
}

/** A failure of its own kind: no step or expectation is at fault, and no points are lost. */
export function leakChecks(plan: Plan, { processes, leftovers }: Leaks): readonly CheckResult[] {
  const base = {
    type: "leak" as const,
    location: { ...plan.location },
    points: 0,
    maxPoints: 0,
    durationMs: 0,
    problems: [],
    error: null,
    because: null,
    output: null,
  };
  const checks: CheckResult[] = [];
  if (processes.length > 0) {
    const title = { en: "nothing is left running", zh: "没有遗留的进程" };
    const why =
      processes.length === 1 ? say("its steps left a process running") : say("its steps left {0} processes running", processes.length);
    const problem = { title, location: base.location, ...asRationale(why), expected: null, actual: processes.join("\n"), help: null };
    checks.push({ ...base, id: "leak/processes", title, outcome: "fail", problems: [problem] });
  }
  if (leftovers.length > 0) {
    const message = `the engine left behind ${leftovers.join("; ")}`;
    checks.push({
      ...base,
      id: "leak/root",
      title: "nothing is left of the root",
      outcome: "error",
      error: { name: "LeakError", message },
    });
  }
  return checks;
}
