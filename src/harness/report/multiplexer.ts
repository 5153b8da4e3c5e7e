import type { Reporter } from "./reporter.ts";

/** Tells all of `reporters`. One that throws is told of to `onFault`, each time, and the others go on. */
export function multiplex(reporters: readonly Reporter[], onFault: (error: unknown) => void): Required<Reporter> {
  const tell = (call: (reporter: Reporter) => unknown): void => {
    for (const reporter of reporters) {
      try {
        call(reporter);
      } catch (error) {
        onFault(error);
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
      for (const reporter of reporters) {
        try {
          await reporter.onRunEnd?.(report);
        } catch (error) {
          onFault(error);
        }
      }
    },
  };
}
