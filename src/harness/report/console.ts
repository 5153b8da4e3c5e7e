import { CONSOLE_WORDS } from "./console-words.ts";
import { LiveView } from "./live-view.ts";
import { Patience } from "./patience.ts";
import type { Report } from "./report.ts";
import type { Language, Reporter } from "./reporter.ts";
import { scenarioLines, type ScenarioLinesOptions } from "./scenario-lines.ts";
import { seconds, type Style, stylist, type Stylist } from "./styled.ts";
import { timeSpent } from "./time-spent.ts";
import { visibleText } from "./visible-text.ts";

export interface ConsoleOptions extends ScenarioLinesOptions {
  readonly write: (text: string) => void;
  /** The terminal that `write` goes to, for a live view; null when it is none. */
  readonly terminal: { readonly columns: number; readonly rows: number } | null;
  /** Say at the end where the time went. */
  readonly profile: boolean;
  /** A scenario is told of as still running each time that this went by; only where there is no live view. */
  readonly slowMs: number;
}

/** A summary for people: a line a scenario as it ends, what is wrong below it, and the totals. */
export function consoleReporter(options: ConsoleOptions): Reporter {
  const { write, language, verbosity, terminal } = options;
  const words = CONSOLE_WORDS[language];
  const styled = stylist(options.colors);
  const live = new LiveView(write, terminal);
  const line = (text: string): void => live.print(`${text}\n`);
  const watch = new Patience(options.slowMs, (name, ms, doing) =>
    line(styled("yellow", `… ${name} ${words.stillRunning(visibleText(doing))}  ${seconds(ms)}`)),
  );

  return {
    onRunStart({ plans, repeat }) {
      live.start(plans.length * repeat);
      if (terminal === null) watch.start();
    },
    onStepStart(plan, step) {
      live.show(plan.name, step.title);
      watch.show(plan.name, step.title);
    },
    onScenarioEnd(result) {
      live.done(result.name, result.outcome === "fail" || result.outcome === "error");
      watch.done(result.name);
      const isQuiet = verbosity === "quiet" && (result.outcome === "pass" || result.outcome === "skip");
      if (!isQuiet) for (const text of scenarioLines(result, options)) line(text);
    },
    onRunEnd(report) {
      watch.end();
      live.end();
      if (options.profile) write(`\n${timeSpent(report, language).map(visibleText).join("\n")}\n`);
      write(`\n${summary(report, language, styled)}\n`);
    },
  };
}

function summary(report: Report, language: Language, styled: Stylist): string {
  const words = CONSOLE_WORDS[language];
  const { totals } = report;
  const some = (count: number, style: Style, word: string): readonly string[] => (count === 0 ? [] : [styled(style, `${count} ${word}`)]);
  const counts = [
    styled(totals.passed > 0 ? "green" : null, `${totals.passed} ${words.passed}`) +
      (totals.flaky === 0 ? "" : ` (${styled("yellow", `${totals.flaky} ${words.flaky}`)})`),
    styled(totals.failed > 0 ? "red" : null, `${totals.failed} ${words.failed}`),
    ...some(totals.errors, "magenta", words.errors),
    ...some(totals.blocked, "yellow", words.blocked),
    styled(totals.skipped > 0 ? "yellow" : null, `${totals.skipped} ${words.skipped}`),
    ...some(totals.interrupted, "yellow", words.notRun),
  ].join(", ");
  const engines = [
    ...new Set(report.scenarios.flatMap(({ engine }) => (engine === null ? [] : [`${engine.kind} ${engine.version}, ${engine.tier}`]))),
  ];
  const parts = [counts, `${words.points} ${totals.points}/${totals.maxPoints}`, seconds(report.durationMs)];
  if (report.outcome === "interrupted") parts.unshift(styled("red", words.interrupted));
  const engine = engines.length === 0 ? "" : `${styled("gray", `${words.engine}: ${engines.join("; ")}`)}\n`;
  const rerun = totals.failed + totals.errors > 1 ? `\n${styled("gray", words.rerun)}` : "";
  return `${engine}${parts.join(" · ")}${rerun}`;
}
