import { join } from "node:path";
import { messageOf } from "../../base/errors.ts";
import type { Plan } from "../plan/plan.ts";
import { consoleReporter } from "../report/console.ts";
import { jsonReporter } from "../report/json.ts";
import { junitReporter } from "../report/junit.ts";
import { multiplex } from "../report/multiplexer.ts";
import { type Report, reportOf, type ScenarioResult } from "../report/report.ts";
import type { Reporter } from "../report/reporter.ts";
import { faultedResult, skippedResult } from "../report/scenario-result.ts";
import { serializeError } from "../run/events.ts";
import { unmetByEngine } from "../run/requirements.ts";
import type { ClientKind, EngineKind, Target } from "../targets/target.ts";
import { WarmRoots } from "../targets/warm-roots.ts";
import { sweepWorkspaces } from "../targets/workspace.ts";
import { type ExitCode, exitCodeOf, exitCodes } from "./exit-codes.ts";
import type { ReporterName, RunOptions } from "./run-options.ts";
import { runScenario } from "./run-scenario.ts";
import { loadPlans, selectPlans } from "./select-scenarios.ts";

export interface RunDependencies {
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
  /** Of the terminal that stdout is; null when it is none. */
  readonly columns: number | null;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
  readonly slipwayVersion: string;
  readonly openTarget: (engine: EngineKind, client: ClientKind) => Promise<Target>;
}

/** `slipway run`: loads, runs, judges and reports. Nothing is run when a scenario file is wrong. */
export async function run(options: RunOptions, dependencies: RunDependencies): Promise<ExitCode> {
  const { stderr, signal, slipwayVersion } = dependencies;
  let plans: readonly Plan[];
  try {
    plans = selectPlans(await loadPlans(options.paths), options.filters);
  } catch (error) {
    stderr(`${messageOf(error)}\n`);
    return exitCodes.usage;
  }
  await sweepWorkspaces();
  const startedAt = new Date();
  const start = performance.now();
  const reporter = multiplex(
    options.reporters.map((name) => reporterOf(name, options, dependencies)),
    (error) => stderr(`slipway: a reporter failed: ${messageOf(error)}\n`),
  );
  reporter.onRunStart({ slipwayVersion, plans, jobs: options.jobs });
  const results = await runAll(plans, options, dependencies, reporter);
  const durationMs = performance.now() - start;
  const report: Report = reportOf(results, { slipwayVersion, startedAt, durationMs, interrupted: signal.aborted });
  await reporter.onRunEnd(report);
  return exitCodeOf(report);
}

/** The results of those that ran, in the order of `plans`. */
async function runAll(
  plans: readonly Plan[],
  { engine, client, jobs, keep, failFast }: RunOptions,
  { openTarget, signal, stderr }: RunDependencies,
  listener: Required<Reporter>,
): Promise<readonly ScenarioResult[]> {
  const results: (ScenarioResult | undefined)[] = plans.map(() => undefined);
  const target = await openTarget(engine, client);
  const workers = Math.min(jobs, target.maxRoots, plans.length);
  const roots = new WarmRoots(target, { wanted: plans.length, limit: workers, signal });
  let next = 0;
  let failed = false;

  const one = async (plan: Plan): Promise<ScenarioResult> => {
    const unmet = failFast && failed ? "another scenario failed before (--fail-fast)" : unmetByEngine(plan.requires, engine);
    if (unmet !== null) {
      roots.forgo();
      return skippedResult(plan, unmet, null, new Date());
    }
    listener.onScenarioStart(plan);
    return await runScenario(plan, { takeRoot: () => roots.take(), listener, signal, keep });
  };
  const work = async (): Promise<void> => {
    while (next < plans.length && !signal.aborted) {
      const index = next++;
      const plan = plans[index];
      if (plan === undefined) return;
      let result: ScenarioResult;
      try {
        result = await one(plan);
      } catch (error) {
        if (signal.aborted) return;
        result = faultedResult(plan, serializeError(error), new Date());
      }
      failed ||= result.outcome === "fail" || result.outcome === "error";
      results[index] = result;
      listener.onScenarioEnd(result);
    }
  };
  try {
    await Promise.all(Array.from({ length: workers }, work));
  } finally {
    for (const close of [() => roots.close(), () => target.close()]) {
      await close().catch((error: unknown) => stderr(`slipway: cannot clean up: ${messageOf(error)}\n`));
    }
  }
  return results.filter((result) => result !== undefined);
}

function reporterOf(name: ReporterName, { output, language, colors }: RunOptions, { stdout, columns }: RunDependencies): Reporter {
  switch (name) {
    case "console":
      return consoleReporter({ write: stdout, language, colors, columns });
    case "junit":
      return junitReporter(join(output, "junit.xml"), language);
    case "json":
      return jsonReporter(join(output, "report.json"));
  }
}
