import type { Reporter } from "./reporter.ts";

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
