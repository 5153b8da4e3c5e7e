import { messageOf } from "../../base/errors.ts";
import type { Plan } from "../plan/plan.ts";
import { multiplex, redacted } from "../report/multiplexer.ts";
import { redactor } from "../report/redact.ts";
import { type Report, reportOf } from "../report/report.ts";
import type { ClientKind, EngineKind, Target } from "../targets/target.ts";
import { sweepWorkspaces } from "../targets/workspace.ts";
import { type ExitCode, exitCodeOf, exitCodes } from "./exit-codes.ts";
import { planDetails, planJson, planTable } from "./print-plans.ts";
import { reporterOf, type ReporterContext } from "./reporter-of.ts";
import { reproduceCommand } from "./reproduce.ts";
import type { RunOptions } from "./run-options.ts";
import { runSchedule } from "./schedule.ts";
import { LastRun } from "./select/last-run.ts";
import { NothingSelectedError, selectScenarios } from "./select/select.ts";
import { type JudgedExpectation, updateFiles } from "./update/update-files.ts";

export interface RunDependencies extends ReporterContext {
  readonly stderr: (text: string) => void;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
  readonly slipwayVersion: string;
  readonly workdir: string;
  /** Where the last run's report is remembered. */
  readonly stateFolder: string;
  readonly openTarget: (engine: EngineKind, client: ClientKind) => Promise<Target>;
}

/**
 * `slipway run`: loads, selects, runs, judges and reports. Nothing is run when a scenario file is wrong.
 * @param narrow leaves out some of what is selected; when nothing is left, nothing is said.
 */
export async function run(
  options: RunOptions,
  dependencies: RunDependencies,
  narrow: (plans: readonly Plan[]) => readonly Plan[] = (plans) => plans,
): Promise<ExitCode> {
  const { stdout, stderr, workdir, stateFolder } = dependencies;
  const lastRun = new LastRun(stateFolder, workdir);
  let plans: readonly Plan[];
  try {
    plans = await selectScenarios(options.selection, { workdir, lastReport: () => lastRun.read() });
  } catch (error) {
    stderr(`${messageOf(error)}\n`);
    if (!(error instanceof NothingSelectedError)) return exitCodes.usage;
    return options.passWithNone ? exitCodes.pass : exitCodes.nothing;
  }
  const selected = plans.length;
  plans = narrow(plans);
  if (plans.length === 0 && selected > 0) return exitCodes.pass;
  if (options.mode !== "run") {
    const isDry = options.mode === "dry-run";
    stdout(options.json ? planJson(plans, isDry) : isDry ? planDetails(plans, options.language) : planTable(plans, options.language));
    return exitCodes.pass;
  }
  let outcome: Awaited<ReturnType<typeof runPlans>>;
  try {
    outcome = await runPlans(plans, options, dependencies);
  } catch (error) {
    // Before the first scenario: no engine of this kind is to be had at all.
    stderr(`slipway: ${messageOf(error)}\n`);
    return exitCodes.fault;
  }
  const { report, reportersFailed, judged } = outcome;
  await lastRun.write(report);
  if (options.update) stdout(updateText(await updateFiles(judged)));
  const code = exitCodeOf(report);
  return reportersFailed && code === exitCodes.pass ? exitCodes.fault : code;
}

/** Runs these plans and reports on them. */
async function runPlans(
  plans: readonly Plan[],
  options: RunOptions,
  dependencies: RunDependencies,
): Promise<{ readonly report: Report; readonly reportersFailed: boolean; readonly judged: readonly JudgedExpectation[] }> {
  const { stderr, signal, slipwayVersion, openTarget } = dependencies;
  const { engine, client, timeoutMs, selection } = options;
  const target = await openTarget(engine, client);
  await sweepWorkspaces();
  const startedAt = new Date();
  const start = performance.now();
  let reportersFailed = false;
  const redact = redactor(plans.flatMap(({ secrets = [] }) => secrets));
  const all = multiplex(
    options.reporters.map((spec) => ({ name: spec.name, reporter: reporterOf(spec, options, dependencies) })),
    (name, error) => {
      reportersFailed = true;
      stderr(`slipway: the reporter ${name} failed: ${messageOf(error)}\n`);
    },
  );
  const reporters = redacted(all, redact);
  reporters.onRunStart({ slipwayVersion, plans, repeat: options.repeat, jobs: options.jobs, seed: selection.seed });
  const siblings = new Map<string, number>();
  for (const { file } of plans) siblings.set(file, (siblings.get(file) ?? 0) + 1);
  const timed = timeoutMs === null ? plans : plans.map((plan) => ({ ...plan, timeoutMs }));
  const judged = new Map<Plan, readonly JudgedExpectation[]>();
  const results = await runSchedule(timed, target, reporters, {
    ...options,
    seed: String(options.selection.seed),
    signal,
    stderr,
    onTried: (plan, { verdicts }) => {
      const planned = [...plan.steps.flatMap(({ expectations }) => expectations), ...plan.expectations];
      judged.set(
        plan,
        planned.flatMap((one) => {
          const verdict = verdicts.get(one.id);
          return verdict === undefined ? [] : [{ planned: one, verdict }];
        }),
      );
    },
    reproduce: (plan) => reproduceCommand(plan, siblings.get(plan.file) ?? 1, options),
  });
  const report = reportOf(results, {
    slipwayVersion,
    startedAt,
    durationMs: performance.now() - start,
    interrupted: signal.aborted,
    seed: selection.seed,
    shard: selection.shard,
  });
  await reporters.onRunEnd(report);
  return { report: redact(report), reportersFailed, judged: [...judged.values()].flat() };
}

function updateText(lines: readonly string[]): string {
  if (lines.length === 0) return "\nnothing to update\n";
  return `\n${lines.join("\n")}\nlook at the changes, and run again\n`;
}
