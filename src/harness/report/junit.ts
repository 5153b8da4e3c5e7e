import junitReportBuilder from "junit-report-builder";
import type { Builder, TestCase, TestSuite } from "junit-report-builder";
import { textIn } from "../plan/describe.ts";
import { displayName } from "./display-name.ts";
import { checkDetails, checkMessage } from "./failure-text.ts";
import { type CheckResult, type Location, type Outcome, type Report, type ScenarioResult, wasNotRun } from "./report.ts";
import type { Language, Reporter } from "./reporter.ts";
import { visibleText } from "./visible-text.ts";
import { type ReportSink, writeReport } from "./write-report.ts";

// Its types are those of a CommonJS module with a `default`; the module is the default itself.
const newBuilder = (): Builder => (junitReportBuilder as unknown as Builder).newBuilder();

/** Of a step's output, this many characters go into the document. */
const OUTPUT_LIMIT = 100_000;
const FAILURE_TYPES = { step: "StepFailure", expectation: "ExpectationFailure", leak: "LeakFailure" } as const;

/**
 * `strict` is what both Jenkins' junit-10.xsd and, suite by suite, Maven Surefire's surefire-test-report.xsd accept; `gitlab` adds the file to each case,
 * `github` file and line, from which actions there make annotations, and each suite's file and time.
 */
export type JunitProfile = "strict" | "gitlab" | "github";

/** Writes the report as JUnit XML. */
export function junitReporter(sink: ReportSink, options: { readonly language: Language; readonly profile: JunitProfile }): Reporter {
  return { onRunEnd: (report) => writeReport(sink, junitDocument(report, options.language, options.profile)) };
}

/** What junit-report-builder cannot say, in the order of the document's elements. */
interface Additions {
  readonly suites: { readonly attributes: Readonly<Record<string, string>> }[];
  readonly cases: { readonly attributes: Readonly<Record<string, string>>; readonly reruns: string }[];
  readonly skipMessages: string[];
}

/** The report as JUnit XML: a suite for each scenario, a case for each step and each expectation, with the tries before as rerun elements. */
export function junitDocument(report: Report, language: Language, profile: JunitProfile = "strict"): string {
  const document = newBuilder().name("slipway");
  const additions: Additions = { suites: [], cases: [], skipMessages: [] };
  for (const scenario of report.scenarios) addSuite(document.testSuite(), scenario, language, profile, additions);
  return mended(document.build(), additions, report.durationMs / 1000);
}

function addSuite(suite: TestSuite, scenario: ScenarioResult, language: Language, profile: JunitProfile, additions: Additions): void {
  const { engine, location } = scenario;
  const name = displayName(scenario);
  suite.name(attribute(scenario.file)).time(seconds(scenario.durationMs));
  additions.suites.push({ attributes: profile === "github" ? { file: scenario.file, timestamp: scenario.startedAt.slice(0, 19) } : {} });
  const properties = {
    scenario: name,
    title: scenario.title === null ? "" : textIn(scenario.title, language),
    tags: scenario.tags.join(" "),
    outcome: scenario.outcome,
    points: String(scenario.points),
    maxPoints: String(scenario.maxPoints),
    engine: engine === null ? "" : engine.kind,
    engineVersion: engine === null ? "" : engine.version,
    tier: engine === null ? "" : engine.tier,
    ...(scenario.flaky && { flaky: "true" }),
  };
  for (const [key, value] of Object.entries(properties)) suite.property(key, attribute(value));
  const add = (place: Location, reruns: string): void => {
    const attributes: Record<string, string> = profile === "strict" ? {} : { file: place.file };
    if (profile === "github") attributes["line"] = String(place.line);
    additions.cases.push({ attributes, reruns });
  };
  const known = new Set(scenario.checks.map(({ id }) => id));
  for (const [index, check] of scenario.checks.entries()) {
    // What an earlier try alone had, such as a leak, is told with the first.
    const isOf = (id: string): boolean => id === check.id || (index === 0 && !known.has(id));
    add(check.problems[0]?.location ?? check.location, rerunsOf(check.outcome, scenario, isOf, language));
    addCheck(suite, scenario, check, language, additions.skipMessages, profile);
  }
  // A scenario that did not run, or whose fault is not told with one of its steps, is a case itself.
  if (wasNotRun(scenario.outcome)) {
    add(location, "");
    suite.testCase().className(name).name(name).time(0).skipped();
    additions.skipMessages.push(scenario.reason ?? "");
  } else if (scenario.error !== null && !scenario.checks.some(({ outcome }) => outcome === "error")) {
    const { name: type, message, stack } = scenario.error;
    add(
      location,
      rerunsOf("error", scenario, (id) => scenario.checks.length === 0 || !known.has(id), language),
    );
    suite
      .testCase()
      .className(name)
      .name(name)
      .time(0)
      .error(attribute(message), type, content(stack ?? message, profile));
  }
}

/**
 * The tries before in which the case did not pass. Surefire's schema has them in an order, so that all are of one kind: after a failure
 * `rerunFailure`, after an error `rerunError`; with a case that passed then `flakyFailure`s before `flakyError`s.
 */
function rerunsOf(last: Outcome, { earlier }: ScenarioResult, isOf: (id: string) => boolean, language: Language): string {
  const all = earlier.flatMap(({ checks, error }) => {
    const own = checks.filter(({ id, outcome }) => isOf(id) && (outcome === "fail" || outcome === "error"));
    const told = own.map((check) => ({ outcome: check.outcome, message: checkMessage(check) ?? "", trace: checkDetails(check, language) }));
    // A root that could not be opened has no checks to tell it with.
    return checks.length === 0 && error !== null && isOf("")
      ? [{ outcome: "error" as const, message: error.message, trace: error.stack ?? error.message }]
      : told;
  });
  const kind = (outcome: Outcome): string => {
    if (last === "fail") return "rerunFailure";
    if (last === "error") return "rerunError";
    return outcome === "fail" ? "flakyFailure" : "flakyError";
  };
  return all
    .toSorted((a, b) => Number(a.outcome === "error") - Number(b.outcome === "error"))
    .map(({ outcome, message, trace }) => {
      const type = outcome === "fail" ? "Failure" : "Error";
      const name = kind(outcome);
      return `<${name} message="${escapeAttribute(attribute(message))}" type="${type}"><stackTrace>${escapeText(visibleText(trace))}</stackTrace></${name}>`;
    })
    .join("");
}

function addCheck(
  suite: TestSuite,
  scenario: ScenarioResult,
  check: CheckResult,
  language: Language,
  skipMessages: string[],
  profile: JunitProfile,
): void {
  const testCase: TestCase = suite
    .testCase()
    .className(displayName(scenario))
    .name(attribute(`${check.id} ${textIn(check.title, language)}`))
    .time(seconds(check.durationMs));
  if (check.outcome === "fail") {
    const message = check.problems.map(({ rationale }) => rationale).join("; ") || "it depends on what was skipped";
    testCase.failure(attribute(message), FAILURE_TYPES[check.type]).stacktrace(content(checkDetails(check, language), profile));
  } else if (check.outcome === "error") {
    const { name, message, stack } = check.error ?? scenario.error ?? { name: "Error", message: "it could not be judged" };
    testCase.error(attribute(message), name, content(stack ?? message, profile));
  } else if (wasNotRun(check.outcome)) {
    testCase.skipped();
    skipMessages.push(check.because === null ? "" : `${check.because} did not go through`);
  }
  if (check.output === null) return;
  if (check.output.stdout !== "") testCase.standardOutput(content(check.output.stdout, profile));
  if (check.output.stderr !== "") testCase.standardError(content(check.output.stderr, profile));
}

function seconds(ms: number): number {
  return Math.round(ms) / 1000;
}

function attribute(text: string): string {
  return visibleText(text).trim();
}

// The builder escapes only the first `]]>` of a CDATA section: stand-ins from the private use area take their place until `mended`.
const CDATA_END = "\ue000cdata-end\ue000";

function content(text: string, profile: JunitProfile): string {
  // GitLab takes `[[ATTACHMENT|path]]` in output for a file to link: nothing a program prints is one.
  const visible = profile === "gitlab" ? visibleText(text).replaceAll("[[ATTACHMENT|", "[ [ATTACHMENT|") : visibleText(text);
  const half = OUTPUT_LIMIT / 2;
  const short =
    visible.length <= OUTPUT_LIMIT
      ? visible
      : `${visible.slice(0, half)}\n[… ${visible.length - OUTPUT_LIMIT} characters left out …]\n${visible.slice(-half)}`;
  return visibleText(short).replaceAll("]]>", CDATA_END);
}

/** The document's parts that are looked at. A tag ends where none of its attributes is open: in one, a title for instance, may stand `>`. */
const PARTS = /<!\[CDATA\[[\s\S]*?\]\]>|<test(?:suites|suite|case)\b(?:[^>"]|"[^"]*")*>|<skipped\/>|<system-(?:out|err)>|<\/testcase>/g;

/**
 * What junit-report-builder gets wrong, or cannot say: `<testsuites>` must have no `skipped` and may have a time, `<skipped>` its message, and
 * `additions`. CDATA sections are stepped over, as anything may stand in them.
 */
function mended(xml: string, additions: Additions, time: number): string {
  let [suites, cases, skips] = [0, 0, 0];
  let reruns = "";
  const beforeOutput = (part: string): string => {
    const before = reruns;
    reruns = "";
    return before + part;
  };
  return xml
    .replace(PARTS, (part) => {
      if (part.startsWith("<testsuites"))
        return part.replace(/ skipped="\d+"/, "").replace("<testsuites", `<testsuites time="${time.toFixed(3)}"`);
      if (part.startsWith("<testsuite ")) return withAttributes(part, additions.suites[suites++]?.attributes ?? {});
      if (part.startsWith("<testcase")) {
        const addition = additions.cases[cases++];
        const open = withAttributes(part, addition?.attributes ?? {});
        reruns = addition?.reruns ?? "";
        return open.endsWith("/>") && reruns !== "" ? `${open.slice(0, -2)}>${beforeOutput("</testcase>")}` : open;
      }
      if (part.startsWith("<system-") || part === "</testcase>") return beforeOutput(part);
      if (part !== "<skipped/>") return part;
      return `<skipped message="${escapeAttribute(attribute(additions.skipMessages[skips++] ?? ""))}"/>`;
    })
    .replaceAll(CDATA_END, "]]]]><![CDATA[>");
}

function withAttributes(tag: string, attributes: Readonly<Record<string, string>>): string {
  const added = Object.entries(attributes).map(([name, value]) => ` ${name}="${escapeAttribute(attribute(value))}"`);
  return tag.replace(/\s*\/?>$/, (end) => `${added.join("")}${end.trim()}`);
}

function escapeAttribute(text: string): string {
  return escapeText(text).replaceAll('"', "&quot;").replaceAll("\n", "&#xA;").replaceAll("\t", "&#x9;");
}

function escapeText(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
