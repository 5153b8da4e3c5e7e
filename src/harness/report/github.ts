import { randomBytes } from "node:crypto";
import { appendFile, stat } from "node:fs/promises";
import { textIn } from "../plan/describe.ts";
import { displayName } from "./display-name.ts";
import { checkDetails, checkMessage, problemDetails, scenarioMessage } from "./failure-text.ts";
import { oneLine } from "./one-line.ts";
import type { CheckResult, Location, Report, ScenarioResult } from "./report.ts";
import type { Language, Reporter } from "./reporter.ts";
import { visibleText } from "./visible-text.ts";

/** GitHub shows so many errors of a step (docs.github.com, "Workflow commands"); the rest would be lost without a word. */
const ANNOTATIONS = 10;
/** A step's summary may have 1 MiB; a longer one is dropped whole. */
const SUMMARY_BYTES = 1024 * 1024 - 1;

const MARKS = { pass: "✅", fail: "❌", error: "💥", skip: "⏭️", blocked: "⛔", interrupted: "⏹️" } as const;

/**
 * Annotations for what did not pass, on the standard output, and a summary of the step in the file that GITHUB_STEP_SUMMARY names.
 * While the run goes on GitHub is told to take no commands, so that nothing a submission prints is one.
 */
export function githubReporter(write: (text: string) => void, summaryFile: string | null, language: Language): Reporter {
  const token = randomBytes(16).toString("hex");
  return {
    onRunStart: () => write(`::stop-commands::${token}\n`),
    async onRunEnd(report) {
      write(`::${token}::\n${annotations(report, language).join("\n")}\n`);
      if (summaryFile === null) return;
      const size = await stat(summaryFile).then(
        (file) => file.size,
        () => 0,
      );
      await appendFile(summaryFile, stepSummary(report, language, SUMMARY_BYTES - size));
    },
  };
}

/** At most ten lines of workflow commands: an error for each thing that is not as it should be; when there are more, the last says how many. */
export function annotations(report: Report, language: Language): readonly string[] {
  const all = report.scenarios.flatMap((scenario) => annotationsOf(scenario, language));
  if (all.length <= ANNOTATIONS) return all;
  const left = all.length - ANNOTATIONS + 1;
  return [...all.slice(0, ANNOTATIONS - 1), command("error", { title: "slipway" }, `${left} more are in the step's summary`)];
}

function annotationsOf(scenario: ScenarioResult, language: Language): readonly string[] {
  const failed = scenario.checks.filter(({ outcome }) => outcome === "fail" || outcome === "error");
  const of = (check: CheckResult): readonly string[] => {
    const title = `${displayName(scenario)}: ${textIn(check.title, language)}`;
    const at = ({ file, line, column }: Location, message: string): string => command("error", { file, line, col: column, title }, message);
    if (check.outcome === "fail" && check.problems.length > 0)
      return check.problems.map((problem) => at(problem.location, problemDetails(problem, language)));
    return [at(check.location, checkDetails(check, language) || (checkMessage(check) ?? ""))];
  };
  if (failed.length > 0 || scenario.error === null) return failed.flatMap(of);
  const { file, line, column } = scenario.location;
  return [command("error", { file, line, col: column, title: displayName(scenario) }, scenario.error.message)];
}

/** `::error file=a,line=1::text`, with what would end a property or the line escaped as the runner reads it back. */
function command(name: string, properties: Readonly<Record<string, string | number>>, message: string): string {
  const data = (text: string): string => visibleText(text).replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
  const property = (value: string | number): string => data(String(value)).replaceAll(":", "%3A").replaceAll(",", "%2C");
  const list = Object.entries(properties).map(([key, value]) => `${key}=${property(value)}`);
  return `::${name} ${list.join(",")}::${data(message)}`;
}

/** The report in Markdown, of at most so many bytes: totals, a table, and details of what did not pass as far as there is room. */
export function stepSummary(report: Report, language: Language, maxBytes: number): string {
  const { totals } = report;
  const counts = [
    `${totals.passed} passed`,
    `${totals.failed} failed`,
    ...(totals.errors > 0 ? [`${totals.errors} errors`] : []),
    ...(totals.blocked > 0 ? [`${totals.blocked} blocked`] : []),
    `${totals.skipped} skipped`,
    ...(totals.interrupted > 0 ? [`${totals.interrupted} not run`] : []),
    ...(totals.flaky > 0 ? [`${totals.flaky} flaky`] : []),
  ];
  const worst = report.outcome === "pass" ? MARKS.pass : report.outcome === "fail" ? MARKS.fail : MARKS.error;
  const head = `### ${worst} slipway: ${counts.join(", ")}\n\npoints ${totals.points}/${totals.maxPoints} · ${(report.durationMs / 1000).toFixed(1)} s\n\n`;
  const table = [
    "| | scenario | time | points | |",
    "|---|---|---|---|---|",
    ...report.scenarios.map((scenario) => row(scenario, language)),
  ];
  const details = report.scenarios.flatMap((scenario) =>
    scenario.outcome === "fail" || scenario.outcome === "error" ? [detailsOf(scenario, language)] : [],
  );
  const parts = [head, ...table.map((line) => `${line}\n`), "\n", ...details];
  const note = "\n_More did not fit here: it is in the other reports._\n";
  let left = maxBytes - Buffer.byteLength(note);
  let text = "";
  for (const part of parts) {
    left -= Buffer.byteLength(part);
    if (left < 0) return maxBytes < Buffer.byteLength(note) ? "" : text + note;
    text += part;
  }
  return text;
}

function row(scenario: ScenarioResult, language: Language): string {
  const why = scenarioMessage(scenario, language) ?? (scenario.flaky ? `flaky: passed at try ${scenario.earlier.length + 1}` : "");
  const cells = [
    MARKS[scenario.outcome],
    displayName(scenario),
    `${(scenario.durationMs / 1000).toFixed(2)} s`,
    `${scenario.points}/${scenario.maxPoints}`,
    why,
  ];
  return `| ${cells.map(cell).join(" | ")} |`;
}

function detailsOf(scenario: ScenarioResult, language: Language): string {
  const texts = scenario.checks
    .filter(({ outcome }) => outcome === "fail" || outcome === "error")
    .map((check) => `${textIn(check.title, language)}\n${checkDetails(check, language)}`);
  if (texts.length === 0 && scenario.error !== null) texts.push(scenario.error.message);
  const reproduce = scenario.reproduce === null ? "" : `\n\n${scenario.reproduce}`;
  return `\n<details><summary>${html(displayName(scenario))}</summary>\n\n<pre>${html((texts.join("\n\n") + reproduce).slice(0, 20_000))}</pre>\n</details>\n`;
}

function cell(text: string): string {
  return oneLine(html(text).replaceAll(/[\\`*_{}[\]()#+!|~@]/g, (character) => `&#${character.charCodeAt(0)};`));
}

function html(text: string): string {
  return visibleText(text).replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
