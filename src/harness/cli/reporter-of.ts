import { consoleReporter } from "../report/console.ts";
import { ctrfReporter } from "../report/ctrf.ts";
import { eventsReporter } from "../report/events.ts";
import { githubReporter } from "../report/github.ts";
import { jsonReporter } from "../report/json.ts";
import { junitReporter } from "../report/junit.ts";
import type { Reporter } from "../report/reporter.ts";
import { linesOfFiles } from "../report/source-excerpt.ts";
import { tapReporter } from "../report/tap.ts";
import type { ReportSink } from "../report/write-report.ts";
import type { ReporterSpec } from "./reporter-options.ts";
import type { RunOptions } from "./run-options.ts";

export interface ReporterContext {
  readonly stdout: (text: string) => void;
  /** Of the terminal that stdout is; null when it is none. */
  readonly terminal: { readonly columns: number; readonly rows: number } | null;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** How the console and texts are to be. */
export type ReportOptions = Pick<RunOptions, "language" | "colors" | "verbosity" | "profile" | "slowMs">;

/** The reporter that was asked for. */
export function reporterOf(spec: ReporterSpec, options: ReportOptions, { stdout, terminal, env }: ReporterContext): Reporter {
  const { language, colors, verbosity, profile, slowMs } = options;
  if (spec.name === "console") {
    return consoleReporter({ write: stdout, language, colors, terminal, verbosity, profile, slowMs, linesOf: linesOfFiles() });
  }
  if (spec.name === "github") return githubReporter(stdout, spec.to ?? (env["GITHUB_STEP_SUMMARY"] || null), language);
  const sink: ReportSink = spec.to === null ? { write: stdout } : { file: spec.to };
  switch (spec.name) {
    case "junit":
      return junitReporter(sink, { language, profile: spec.profile });
    case "json":
      return jsonReporter(sink);
    case "events":
      return eventsReporter(sink, () => new Date());
    case "ctrf":
      return ctrfReporter(sink, language);
    case "tap":
      return tapReporter(sink, language);
  }
}
