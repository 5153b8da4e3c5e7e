import { closeSync, openSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { makeFolder } from "../../base/make-folder.ts";
import { displayName } from "./display-name.ts";
import type { RunEvent } from "./event.generated.ts";
import type { Reporter } from "./reporter.ts";
import type { ReportSink } from "./write-report.ts";

/** Writes what happens as it happens, a JSON object a line: schemas/event.schema.json says what is in them. */
export function eventsReporter(sink: ReportSink, now: () => Date): Reporter {
  let file: number | null = null;
  const put = (event: RunEvent): void => {
    const line = `${JSON.stringify(event)}\n`;
    if ("write" in sink) sink.write(line);
    else if (file !== null) writeSync(file, line);
  };
  const at = (): string => now().toISOString();
  return {
    onRunStart({ slipwayVersion, plans, jobs, seed }) {
      if ("file" in sink) {
        makeFolder(dirname(sink.file));
        file = openSync(sink.file, "w", 0o644);
      }
      put({
        event: "run-start",
        at: at(),
        schemaVersion: 1,
        slipwayVersion,
        jobs,
        seed,
        scenarios: plans.map(({ name, file: of }) => ({ name, file: of })),
      });
    },
    onScenarioStart: ({ name }) => put({ event: "scenario-start", at: at(), scenario: name }),
    onStepStart: ({ name }, { id, title }) => put({ event: "step-start", at: at(), scenario: name, step: id, title }),
    onStepEnd({ name }, record) {
      const base = { event: "step-end" as const, at: at(), scenario: name, step: record.step.id };
      if (record.status !== "done") put({ ...base, status: record.status, exitCode: null, durationMs: null });
      else put({ ...base, status: "done", exitCode: record.outcome.exitCode, durationMs: Math.round(record.outcome.durationMs) });
    },
    onScenarioEnd(result) {
      const { name, outcome, flaky, durationMs, points, maxPoints, reason } = result;
      const failed = result.checks.filter((check) => check.outcome !== "pass").map(({ id, outcome: how }) => ({ id, outcome: how }));
      put({
        event: "scenario-end",
        at: at(),
        scenario: name,
        label: displayName(result),
        outcome,
        flaky,
        durationMs,
        points,
        maxPoints,
        reason,
        failed,
      });
    },
    onRunEnd({ outcome, totals, durationMs }) {
      put({ event: "run-end", at: at(), outcome, totals: { ...totals }, durationMs });
      if (file !== null) closeSync(file);
      file = null;
    },
  };
}
