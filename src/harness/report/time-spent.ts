import { textIn } from "../plan/describe.ts";
import { CONSOLE_WORDS } from "./console-words.ts";
import { displayName } from "./display-name.ts";
import type { Report } from "./report.ts";
import type { Language } from "./reporter.ts";

const SHOWN = 10;

/** Where a run's time went, in lines: what all scenarios spent at what, the slowest of them, and the slowest steps. */
export function timeSpent({ scenarios }: Report, language: Language): readonly string[] {
  const words = CONSOLE_WORDS[language];
  const ran = scenarios.filter(({ startedAt, durationMs }) => startedAt !== "" && durationMs > 0);
  const total = (of: (one: (typeof ran)[number]) => number): number => ran.reduce((sum, one) => sum + of(one), 0);
  const steps = ran.flatMap((scenario) =>
    scenario.checks
      .filter(({ type }) => type === "step")
      .map(({ id, title, durationMs }) => ({ text: `${displayName(scenario)} ${id} ${textIn(title, language)}`, durationMs })),
  );
  const slowest = (all: readonly { readonly text: string; readonly durationMs: number }[]): readonly string[] =>
    all
      .toSorted((a, b) => b.durationMs - a.durationMs)
      .slice(0, SHOWN)
      .map(({ text, durationMs }) => line(durationMs, text.replaceAll("\n", " ")));
  return [
    `${words.slowest}:`,
    line(
      total(({ rootMs }) => rootMs),
      words.root,
    ),
    line(
      total(({ durationMs }) => durationMs),
      words.work,
    ),
    line(
      total(({ closeMs }) => closeMs),
      words.closing,
    ),
    "",
    ...slowest(ran.map((scenario) => ({ text: displayName(scenario), durationMs: scenario.durationMs }))),
    "",
    ...slowest(steps),
  ];
}

function line(ms: number, text: string): string {
  return `  ${(ms / 1000).toFixed(2).padStart(8)} s  ${text}`;
}
