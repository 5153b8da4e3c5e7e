import { messageOf } from "../../base/errors.ts";
import type { Judged, RunOver } from "../grade/grade-submission.ts";
import { placeSubmission } from "../grade/place-submission.ts";
import type { Expectation } from "../plan/plan.ts";
import { skippedResult } from "../report/scenario-result.ts";
import { unmetByEngine } from "../run/requirements.ts";
import { StepProcess } from "../run/step-process.ts";
import type { Target, TargetRoot } from "../targets/target.ts";
import { WarmRoots } from "../targets/warm-roots.ts";
import type { Verdict } from "../verdict/verdict.ts";
import { runScenario } from "./run-scenario.ts";

export interface SubmissionRunner {
  readonly runOver: RunOver;
  /** Those of these host paths that a submission's commands could read. */
  readable(paths: readonly string[]): Promise<readonly string[]>;
  close(): Promise<void>;
}

/** Runs scenarios over submissions on a target; `wanted` is how many runs are to come, of which `jobs` at a time. */
export function submissionRunner(
  target: Target,
  options: { readonly wanted: number; readonly jobs: number; readonly signal: AbortSignal; readonly stderr: (text: string) => void },
): SubmissionRunner {
  const { wanted, jobs, signal, stderr } = options;
  const roots = new WarmRoots(target, { wanted, limit: Math.min(jobs, target.maxRoots), signal });
  return {
    runOver: async (plan, files, studentSeed) => {
      const unmet = unmetByEngine(plan.requires, "embedded");
      if (unmet !== null) return { result: skippedResult(plan, unmet, null, new Date()), verdicts: null };
      const judged: { readonly expectation: Expectation; readonly verdict: Verdict }[] = [];
      const result = await runScenario(plan, {
        takeRoot: () => rootWith(roots, (root) => placeSubmission(files, root)),
        listener: {},
        signal,
        keep: false,
        studentSeed,
        onJudged: (expectation, verdict) => judged.push({ expectation, verdict }),
      });
      const complete = result.outcome === "pass" || result.outcome === "fail";
      return { result, verdicts: complete ? judged : null } satisfies Judged;
    },
    readable: async (paths) => {
      const root = await target.open(signal);
      try {
        return await readableIn(root, paths);
      } finally {
        await root.close({ keep: false });
      }
    },
    close: async () => {
      for (const close of [() => roots.close(), () => target.close()]) {
        await close().catch((error: unknown) => stderr(`slipway: cannot clean up: ${messageOf(error)}\n`));
      }
    },
  };
}

async function rootWith(roots: WarmRoots, furnish: (root: TargetRoot) => Promise<void>): Promise<TargetRoot> {
  const root = await roots.take();
  try {
    await furnish(root);
    return root;
  } catch (error) {
    await root.close({ keep: false });
    throw error;
  }
}

async function readableIn(root: TargetRoot, paths: readonly string[]): Promise<readonly string[]> {
  const script = 'for path; do [ -r "$path" ] && printf "%s\\0" "$path"; done; exit 0';
  const process = new StepProcess({
    argv: root.enter(["/bin/sh", "-c", script, "sh", ...paths]),
    env: root.env,
    stdin: "",
    marker: root.marker,
  });
  const { stdout } = await process.ended();
  return stdout.text.split("\0").filter((path) => path !== "");
}
