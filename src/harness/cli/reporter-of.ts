import { consoleReporter } from "../report/console.ts";
import { jsonReporter } from "../report/json.ts";
import { junitReporter } from "../report/junit.ts";
import type { Reporter } from "../report/reporter.ts";
import { linesOfFiles } from "../report/source-excerpt.ts";
import type { RunDependencies } from "./run.ts";
import type { ReporterSpec } from "./reporter-options.ts";
import type { RunOptions } from "./run-options.ts";

/** The reporter that was asked for. */
export function reporterOf(
  spec: ReporterSpec,
  options: RunOptions,
  { stdout, terminal }: Pick<RunDependencies, "stdout" | "terminal">,
): Reporter {
  const { language, colors, verbosity, profile, slowMs } = options;
  switch (spec.name) {
    case "console":
      return consoleReporter({ write: stdout, language, colors, terminal, verbosity, profile, slowMs, linesOf: linesOfFiles() });
    case "junit":
      return junitReporter(spec.to ?? "/dev/stdout", language);
    default:
      return jsonReporter(spec.to ?? "/dev/stdout");
  }
}
