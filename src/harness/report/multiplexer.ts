import type { Reporter } from "./reporter.ts";

/** The same, with `redact` over everything that is told. */
export function redacted(reporter: Required<Reporter>, redact: <T>(value: T) => T): Required<Reporter> {
  return {
    onRunStart: (run) => reporter.onRunStart(redact(run)),
    onScenarioStart: (plan) => reporter.onScenarioStart(redact(plan)),
    onStepStart: (plan, step) => reporter.onStepStart(redact(plan), redact(step)),
    onStepEnd: (plan, record) => reporter.onStepEnd(redact(plan), redact(record)),
    onScenarioEnd: (result) => reporter.onScenarioEnd(redact(result)),
    onRunEnd: (report) => reporter.onRunEnd(redact(report)),
  };
}

/** Tells all of `reporters`. One that throws is told of to `onFault`, once, and told no more; the others go on. */
export function multiplex(
  reporters: readonly { readonly name: string; readonly reporter: Reporter }[],
  onFault: (name: string, error: unknown) => void,
): Required<Reporter> {
  const failed = new Set<Reporter>();
  const tell = (call: (reporter: Reporter) => unknown): void => {
    for (const { name, reporter } of reporters) {
      if (failed.has(reporter)) continue;
      try {
        call(reporter);
      } catch (error) {
        failed.add(reporter);
        onFault(name, error);
      }
    }
  };
  return {
    onRunStart: (run) => tell((reporter) => reporter.onRunStart?.(run)),
    onScenarioStart: (plan) => tell((reporter) => reporter.onScenarioStart?.(plan)),
    onStepStart: (plan, step) => tell((reporter) => reporter.onStepStart?.(plan, step)),
    onStepEnd: (plan, record) => tell((reporter) => reporter.onStepEnd?.(plan, record)),
    onScenarioEnd: (result) => tell((reporter) => reporter.onScenarioEnd?.(result)),
    onRunEnd: async (report) => {
      for (const { name, reporter } of reporters) {
        if (failed.has(reporter)) continue;
        try {
          await reporter.onRunEnd?.(report);
        } catch (error) {
          onFault(name, error);
        }
      }
    },
  };
}
