import junitReportBuilder from "junit-report-builder";
import type { Builder, TestCase, TestSuite } from "junit-report-builder";
import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { writeFileAtomic } from "../../base/atomic-file.ts";
import { textIn } from "../plan/describe.ts";
import { explain } from "./explain.ts";
import type { CheckResult, Report, ScenarioResult } from "./report.ts";
import type { Language, Reporter } from "./reporter.ts";
import { visibleText } from "./visible-text.ts";

// Its types are those of a CommonJS module with a `default`; the module is the default itself.
const newBuilder = (): Builder => (junitReportBuilder as unknown as Builder).newBuilder();

/** Of a step's output, this many characters go into the document. */
const OUTPUT_LIMIT = 100_000;

/** Writes the report as JUnit XML to `file`. */
export function junitReporter(file: string, language: Language): Reporter {
  return {
    async onRunEnd(report) {
      await mkdir(dirname(file), { recursive: true });
      await writeFileAtomic(file, junitDocument(report, language));
    },
  };
}

/**
 * The report as JUnit XML which both Jenkins' junit-10.xsd and, suite by suite, Maven Surefire's surefire-test-report.xsd accept:
 * a suite for each scenario file, a case for each step and each expectation.
 */
export function junitDocument(report: Report, language: Language): string {
  const document = newBuilder().name("slipway");
  const skipMessages: string[] = [];
  for (const scenario of report.scenarios) addSuite(document.testSuite(), scenario, language, skipMessages);
  return mended(document.build(), { skipMessages, seconds: report.durationMs / 1000 });
}

function addSuite(suite: TestSuite, scenario: ScenarioResult, language: Language, skipMessages: string[]): void {
  const { engine } = scenario;
  suite.name(attribute(scenario.file)).time(seconds(scenario.durationMs));
  const properties = {
    scenario: scenario.name,
    title: scenario.title === null ? "" : textIn(scenario.title, language),
    tags: scenario.tags.join(" "),
    outcome: scenario.outcome,
    points: String(scenario.points),
    maxPoints: String(scenario.maxPoints),
    engine: engine === null ? "" : engine.kind,
    engineVersion: engine === null ? "" : engine.version,
    tier: engine === null ? "" : engine.tier,
  };
  for (const [name, value] of Object.entries(properties)) suite.property(name, attribute(value));
  for (const check of scenario.checks) addCheck(suite, scenario, check, language, skipMessages);
  // A scenario that did not run, or whose fault is not told with one of its steps, is a case itself.
  if (scenario.outcome === "skip") {
    suite.testCase().className(scenario.name).name(scenario.name).time(0).skipped();
    skipMessages.push(scenario.reason ?? "");
  } else if (scenario.error !== null && !scenario.checks.some(({ outcome }) => outcome === "error")) {
    const { name, message, stack } = scenario.error;
    suite
      .testCase()
      .className(scenario.name)
      .name(scenario.name)
      .time(0)
      .error(attribute(message), name, content(stack ?? message));
  }
}

function addCheck(suite: TestSuite, scenario: ScenarioResult, check: CheckResult, language: Language, skipMessages: string[]): void {
  const testCase: TestCase = suite
    .testCase()
    .className(scenario.name)
    .name(attribute(`${check.id} ${textIn(check.title, language)}`))
    .time(seconds(check.durationMs));
  if (check.outcome === "fail") {
    const message = check.problems.map(({ rationale }) => rationale).join("; ") || "it depends on what was skipped";
    const lines = check.problems.flatMap((problem) => explain(problem, language).map(({ text }) => text));
    testCase
      .failure(attribute(message), check.type === "step" ? "StepFailure" : "ExpectationFailure")
      .stacktrace(content(lines.join("\n")));
  } else if (check.outcome === "error") {
    const { name, message, stack } = check.error ?? scenario.error ?? { name: "Error", message: "it could not be judged" };
    testCase.error(attribute(message), name, content(stack ?? message));
  } else if (check.outcome === "skip") {
    testCase.skipped();
    skipMessages.push(check.because === null ? "" : `${check.because} did not go through`);
  }
  if (check.output === null) return;
  if (check.output.stdout !== "") testCase.standardOutput(content(check.output.stdout));
  if (check.output.stderr !== "") testCase.standardError(content(check.output.stderr));
}

function seconds(ms: number): number {
  return Math.round(ms) / 1000;
}

function attribute(text: string): string {
  return visibleText(text).trim();
}

// The builder escapes only the first `]]>` of a CDATA section: stand-ins from the private use area take their place until `mended`.
const CDATA_END = "\ue000cdata-end\ue000";

function content(text: string): string {
  const visible = visibleText(text);
  const half = OUTPUT_LIMIT / 2;
  const short =
    visible.length <= OUTPUT_LIMIT
      ? visible
      : `${visible.slice(0, half)}\n[… ${visible.length - OUTPUT_LIMIT} characters left out …]\n${visible.slice(-half)}`;
  return visibleText(short).replaceAll("]]>", CDATA_END);
}

/**
 * What junit-report-builder gets wrong, or cannot say: `<testsuites>` must have no `skipped` and may have a time,
 * and `<skipped>` its message. CDATA sections are stepped over, as anything may stand in them.
 */
function mended(xml: string, { skipMessages, seconds: time }: { skipMessages: readonly string[]; seconds: number }): string {
  let skips = 0;
  return xml
    .replace(/<!\[CDATA\[[\s\S]*?\]\]>|<testsuites\b[^>]*>|<skipped\/>/g, (part) => {
      if (part.startsWith("<testsuites"))
        return part.replace(/ skipped="\d+"/, "").replace("<testsuites", `<testsuites time="${time.toFixed(3)}"`);
      if (part !== "<skipped/>") return part;
      return `<skipped message="${escapeAttribute(attribute(skipMessages[skips++] ?? ""))}"/>`;
    })
    .replaceAll(CDATA_END, "]]]]><![CDATA[>");
}

function escapeAttribute(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll('"', "&quot;")
    .replaceAll("\n", "&#xA;")
    .replaceAll("\t", "&#x9;");
}
