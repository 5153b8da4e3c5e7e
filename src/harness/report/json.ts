import type { Reporter } from "./reporter.ts";
import { type ReportSink, writeReport } from "./write-report.ts";

/** Writes the report as JSON: schemas/report.schema.json says what is in it. */
export function jsonReporter(sink: ReportSink): Reporter {
  return {
    onRunEnd: (report) => writeReport(sink, `${JSON.stringify(report, null, 2)}\n`),
  };
}
