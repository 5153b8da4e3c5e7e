import { styleText } from "node:util";
import { messageOf } from "../../../base/errors.ts";
import type { Plan } from "../../plan/plan.ts";
import { explain } from "../../report/explain.ts";
import { multiplex } from "../../report/multiplexer.ts";
import { reportOf, type Report } from "../../report/report.ts";
import type { EngineKind } from "../../targets/target.ts";
import { sweepWorkspaces } from "../../targets/workspace.ts";
import { type ExitCode, exitCodeOf, exitCodes } from "../exit-codes.ts";
import { reporterOf } from "../reporter-of.ts";
import { reproduceCommand } from "../reproduce.ts";
import type { RunDependencies } from "../run.ts";
import type { RunOptions } from "../run-options.ts";
import { runSchedule } from "../schedule.ts";
import { NothingSelectedError, selectScenarios } from "../select/select.ts";
import { type Difference, differences, readExplanations, type Explanation } from "./differences.ts";
import { type EngineSnapshot, engineSnapshot } from "./engine-snapshot.ts";
import { type ObservedRun, observedRun, speaksOf } from "./observed-run.ts";

/** Two engines, and why they may differ. */
export interface Comparison {
  readonly engines: readonly [EngineKind, EngineKind];
  /** A file of explanations; null for none. */
  readonly explainedFile: string | null;
}

/**
 * `slipway run --compare A,B`: runs everything on both, with the same docker command, and tells where what was seen differs, also where no
 * expectation speaks of it. Fails when a scenario does, or a difference is unexplained.
 */
export async function compare(options: RunOptions, comparison: Comparison, dependencies: RunDependencies): Promise<ExitCode> {
  const { stdout, stderr, signal, workdir } = dependencies;
  let plans: readonly Plan[];
  let explanations: readonly Explanation[];
  try {
    explanations = comparison.explainedFile === null ? [] : readExplanations(comparison.explainedFile);
    plans = await selectScenarios(options.selection, { workdir, lastReport: () => Promise.resolve(null) });
  } catch (error) {
    stderr(`${messageOf(error)}\n`);
    return error instanceof NothingSelectedError ? exitCodes.nothing : exitCodes.usage;
  }
  await sweepWorkspaces();
  const sides: Side[] = [];
  for (const engine of comparison.engines) {
    if (signal.aborted) return exitCodes.interrupted;
    if (!options.json) stdout(`── ${engine}\n`);
    try {
      sides.push(await runOn(engine, plans, options, dependencies));
    } catch (error) {
      stderr(`slipway: ${engine}: ${messageOf(error)}\n`);
      return exitCodes.fault;
    }
  }
  const [first, second] = sides;
  if (first === undefined || second === undefined || signal.aborted) return exitCodes.interrupted;
  const compared = plans.filter((plan) => first.seen.has(plan.name) && second.seen.has(plan.name));
  const found = compared.flatMap(({ name }) =>
    differences(name, first.seen.get(name) ?? new Map(), second.seen.get(name) ?? new Map(), explanations),
  );
  stdout(
    options.json
      ? `${JSON.stringify({ engines: comparison.engines, compared: compared.length, differences: found }, null, 2)}\n`
      : text(found, compared.length, comparison, options),
  );
  const codes = [exitCodeOf(first.report), exitCodeOf(second.report)];
  const worst = codes.includes(exitCodes.fault) ? exitCodes.fault : codes.includes(exitCodes.fail) ? exitCodes.fail : exitCodes.pass;
  return worst === exitCodes.pass && found.some(({ explained }) => explained === null) ? exitCodes.fail : worst;
}

interface Side {
  readonly report: Report;
  /** By the scenario's name; what was skipped, or could not be run, is not there. */
  readonly seen: ReadonlyMap<string, ObservedRun>;
}

async function runOn(engine: EngineKind, plans: readonly Plan[], options: RunOptions, dependencies: RunDependencies): Promise<Side> {
  const { stderr, signal, slipwayVersion, openTarget } = dependencies;
  const { selection, client } = options;
  const startedAt = new Date();
  const start = performance.now();
  const target = await openTarget(engine, client);
  const specs = options.json ? [] : options.reporters.filter(({ name }) => name === "console");
  const reporters = multiplex(
    specs.map((spec) => ({ name: spec.name, reporter: reporterOf(spec, options, dependencies) })),
    (name, error) => stderr(`slipway: the reporter ${name} failed: ${messageOf(error)}\n`),
  );
  reporters.onRunStart({ slipwayVersion, plans, repeat: options.repeat, jobs: options.jobs, seed: selection.seed });
  const snapshots = new Map<string, { readonly snapshot: EngineSnapshot; readonly workdir: string }>();
  const seen = new Map<string, ObservedRun>();
  const results = await runSchedule(plans, target, reporters, {
    ...options,
    engine,
    signal,
    stderr,
    reproduce: (plan) => reproduceCommand(plan, 1, { ...options, engine }),
    beforeClose: async (plan, root) => {
      snapshots.set(plan.name, { snapshot: await engineSnapshot(root.client, speaksOf(plan)), workdir: root.workdir });
    },
    onTried: (plan, { run }) => {
      const end = snapshots.get(plan.name);
      // A run that broke off saw too little to be compared; it is an error of its own.
      if (end !== undefined && run.error === null) seen.set(plan.name, observedRun(run, end.snapshot, end.workdir));
    },
  });
  const durationMs = performance.now() - start;
  const report = reportOf(results, {
    slipwayVersion,
    startedAt,
    durationMs,
    interrupted: signal.aborted,
    seed: selection.seed,
    shard: selection.shard,
  });
  await reporters.onRunEnd(report);
  return { report, seen };
}

function text(found: readonly Difference[], compared: number, { engines }: Comparison, { language, colors }: RunOptions): string {
  const unexplained = found.filter(({ explained }) => explained === null);
  const place = { file: "", line: 1, column: 1 };
  const lines = unexplained.flatMap(({ scenario, where, first, second }) => [
    `≠ ${scenario}: ${where} (- ${engines[0]}, + ${engines[1]})`,
    ...explain(
      { title: where, location: place, rationale: where, expected: first ?? "(absent)", actual: second ?? "(absent)", help: null },
      language,
      () => [],
    )
      .slice(1)
      .map(({ kind, text: line }) => {
        const style = kind === "expected" ? "green" : kind === "actual" ? "red" : "gray";
        return `    ${colors ? styleText(style, line, { validateStream: false }) : line}`;
      }),
  ]);
  const reasons = new Map<string, number>();
  for (const { explained } of found) if (explained !== null) reasons.set(explained, (reasons.get(explained) ?? 0) + 1);
  const told = [...reasons].map(([reason, count]) => `  ${String(count).padStart(4)} × ${reason}`);
  const total = `${compared} scenarios compared on ${engines.join(" and ")}: ${unexplained.length} unexplained differences, ${found.length - unexplained.length} explained`;
  return `\n${[...lines, ...(told.length > 0 ? ["explained:", ...told] : []), total].join("\n")}\n`;
}
