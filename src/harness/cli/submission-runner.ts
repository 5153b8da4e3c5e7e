import { messageOf } from "../../base/errors.ts";
import type { Judged, RunOver } from "../grade/grade-submission.ts";
import { placeSubmission } from "../grade/place-submission.ts";
import type { Expectation } from "../plan/plan.ts";
import { faultedResult, skippedResult } from "../report/unrun-results.ts";
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

/** Beside the scenario's own time for its steps. What a submission left behind must not keep the others waiting for ever. */
const LOOKING_LIMIT_MS = 10 * 60_000;

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
      let taken: TargetRoot | null = null;
      let isTooLong = false;
      // Ends the root under whatever waits for it.
      const stop = async (): Promise<void> => {
        isTooLong = true;
        await taken?.close({ keep: false });
      };
      let timer: NodeJS.Timeout | null = null;
      const judged: { readonly expectation: Expectation; readonly verdict: Verdict }[] = [];
      const result = await runScenario(plan, {
        takeRoot: async () => {
          taken = await rootWith(roots, (root) => placeSubmission(files, root));
          timer = setTimeout(() => void stop().catch(() => undefined), plan.timeoutMs + LOOKING_LIMIT_MS);
          return taken;
        },
        listener: {},
        signal,
        keep: false,
        studentSeed,
        onJudged: (expectation, verdict) => judged.push({ expectation, verdict }),
      }).finally(() => timer !== null && clearTimeout(timer));
      if (isTooLong) {
        const message = `what the submission left could not be looked at within ${LOOKING_LIMIT_MS / 60_000} minutes`;
        return { result: faultedResult(plan, { name: "TargetError", message }, new Date()), verdicts: null };
      }
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
