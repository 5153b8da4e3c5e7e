import { textIn } from "../plan/describe.ts";
import { formatPoints, subtract } from "../plan/fraction.ts";
import { explain, rationaleIn } from "../report/explain.ts";
import type { CheckResult, Problem } from "../report/report.ts";
import type { Language } from "../report/reporter.ts";
import { visibleText } from "../report/visible-text.ts";
import { parseExact, pointsText } from "./exact-points.ts";
import { feedbackWords } from "./feedback-words.ts";
import type { Grade } from "./gradebook.ts";
import type { Exercise, FeedbackLevel, Task } from "./load-exercise.ts";
import type { Text } from "./exercise.generated.ts";
import type { StudentResult } from "./student-result.ts";

const LONGEST_TEXT = 4000;

/**
 * A student's feedback in Markdown. `isOver`: the due time is over, so that what waits for it is told. A fault of ours is told as ours,
 * without its details.
 */
export function feedbackMarkdown(
  exercise: Exercise,
  grade: Grade,
  options: { readonly language: Language; readonly isOver: boolean },
): string {
  const { language, isOver } = options;
  const words = feedbackWords[language];
  const { result, student } = grade;
  const lines = [`# ${inline(textIn(exercise.title, language))}`, "", `${words.student}: ${inline(student.name ?? student.id)}`, ""];
  lines.push(...gradeLines(exercise, grade, language), "");
  const notices = result?.notices ?? [];
  if (notices.length > 0) {
    lines.push(`## ${words.handedIn}`, "");
    for (const { path, text } of notices) lines.push(`- ${code(path)}: ${inline(text[language])}`);
    lines.push("");
  }
  let unseen = 0;
  for (const task of exercise.tasks) {
    const done = result?.tasks.find(({ name }) => name === task.plan.name);
    if (done === undefined) continue;
    if (task.visibility === "hidden") unseen++;
    else if (task.visibility === "after-due" && !isOver) lines.push(...heading(task, language), words.afterDue, "");
    else lines.push(...taskLines(task, done, { language, isOver, attempt: student.attempt }));
  }
  if (unseen > 0) lines.push(words.unseen(unseen), "");
  return `${lines.join("\n").trimEnd()}\n`;
}

function gradeLines(exercise: Exercise, { result, final, earned, lateness, penalties }: Grade, language: Language): readonly string[] {
  const words = feedbackWords[language];
  if (result === null) return [words.notYet];
  if (final === null || earned === null) return [result.status === "review" ? words.review : words.fault];
  const lines = [`**${words.points}: ${pointsText(final)} / ${pointsText(exercise.points)}**`];
  for (const { points, about } of penalties) {
    lines.push("", `${words.penalty(pointsText(points))}${about === null ? "" : `: ${inline(textIn(about, language))}`}`);
  }
  if (exercise.cap !== null && subtract(exercise.cap, earned).numerator === 0n) lines.push("", words.capped(pointsText(exercise.cap)));
  if (lateness.days > 0) lines.push("", words.late(lateness.days, formatPoints(lateness.percent), pointsText(earned)));
  if (result.status === "empty") lines.push("", words.empty);
  if (result.status === "refused") lines.push("", words.refused);
  return lines;
}

function heading({ plan }: Task, language: Language, points = ""): readonly string[] {
  const title = plan.title === null ? plan.name : textIn(plan.title, language);
  return [`## ${inline(title)}${points}`, ""];
}

/** A task's part of the feedback by itself. */
export function taskFeedback(task: Task, done: StudentResult["tasks"][number], telling: Telling): string {
  return taskLines(task, done, telling).slice(2).join("\n").trim();
}

interface Telling {
  readonly language: Language;
  readonly isOver: boolean;
  /** Null when nobody knows: then hints are given. */
  readonly attempt: number | null;
}

function taskLines(task: Task, done: StudentResult["tasks"][number], telling: Telling): readonly string[] {
  const { language, isOver, attempt } = telling;
  const hasHints = attempt === null || attempt >= task.hintsFrom;
  const words = feedbackWords[language];
  if (done.isFault) return [...heading(task, language), words.taskFault, ""];
  const lines = [...heading(task, language, ` · ${pointsText(parseExact(done.earned))} / ${pointsText(task.points)}`)];
  let unseen = 0;
  for (const check of done.result.checks) {
    // A step that went well is nothing to tell; what the author expects is.
    if (check.type === "step" && check.outcome === "pass") continue;
    const own = task.checks[check.id];
    const level = own?.feedback ?? task.feedback;
    const visibility = own?.visibility ?? "visible";
    if (level === "none" || visibility === "hidden" || (visibility === "after-due" && !isOver)) {
      unseen++;
      continue;
    }
    const hint = !hasHints
      ? null
      : own?.hints === undefined
        ? undefined
        : (own.hints[Math.min(attempt ?? Infinity, own.hints.length) - 1] ?? null);
    lines.push(...checkLines(check, level, language, hint));
  }
  if (unseen > 0 && task.feedback !== "none") lines.push("", words.unseenChecks(unseen));
  if (hasHints && task.feedback !== "none" && done.result.outcome === "fail" && done.result.help !== null) {
    lines.push("", `> ${words.hint}: ${inline(textIn(done.result.help, language))}`);
  }
  return [...lines, ""];
}

/** `hint`: in place of the scenario's own, null for none, undefined for the scenario's. */
function checkLines(check: CheckResult, level: FeedbackLevel, language: Language, hint: Text | null | undefined): readonly string[] {
  const words = feedbackWords[language];
  // A step without the author's name is titled by its command, which is for those who have the scenario.
  const title = level === "kind" && check.type === "step" ? words.step : inline(textIn(check.title, language));
  const mark = check.outcome === "pass" ? "✅" : check.outcome === "skip" ? "➖" : "❌";
  const lines = [`- ${mark} ${title}${check.outcome === "skip" ? ` (${words.skipped})` : ""}`];
  // One hint for the check, however many things are wrong with it.
  for (const [index, found] of check.problems.entries()) {
    const problem = hint === undefined ? found : { ...found, help: index === check.problems.length - 1 ? hint : null };
    lines.push(...problemLines(problem, level, language).map((line) => (line === "" ? "" : `  ${line}`)));
  }
  const { output } = check;
  if (check.outcome === "fail" && output !== null && level !== "kind" && level !== "none") {
    for (const [name, text] of [[words.stdout, output.stdout] as const, [words.stderr, output.stderr] as const]) {
      if (text.trim() !== "") lines.push("", `  ${name}:`, "", ...fenced(text, "text").map((line) => `  ${line}`));
    }
  }
  return lines;
}

function problemLines(problem: Problem, level: FeedbackLevel, language: Language): readonly string[] {
  const words = feedbackWords[language];
  const lines: string[] = [];
  if (level === "full") {
    lines.push("", inline(rationaleIn(problem, language)));
    // The first says the title, the second the place in the author's file.
    const details = explain({ ...problem, help: null }, language).slice(2);
    if (details.length > 0) lines.push("", ...fenced(details.map(({ text }) => text).join("\n"), "diff"));
  } else if (level === "actual-only" && problem.actual !== null && problem.actual.trim() !== "") {
    lines.push("", `${words.actual}:`, "", ...fenced(problem.actual, "text"));
  }
  if (problem.help !== null) lines.push("", `> ${words.hint}: ${inline(textIn(problem.help, language))}`);
  return lines;
}

/** A block that its content cannot end. */
function fenced(text: string, kind: string): readonly string[] {
  const visible = visibleText(text).trimEnd();
  const short = visible.length > LONGEST_TEXT ? `${visible.slice(0, LONGEST_TEXT)}\n…` : visible;
  const longest = Math.max(2, ...(short.match(/`+/g) ?? []).map((run) => run.length));
  const fence = "`".repeat(longest + 1);
  return [`${fence}${kind}`, ...short.split("\n"), fence];
}

/** Text as itself: no HTML, links, or other mark-up, in one line. */
function inline(text: string): string {
  return visibleText(text)
    .replace(/\s+/g, " ")
    .replace(/[\\`*_{}[\]<>#|~!]/g, "\\$&")
    .replaceAll("&", "&amp;");
}

function code(text: string): string {
  const visible = visibleText(text).replace(/\s+/g, " ");
  return visible.includes("`") ? inline(visible) : `\`${visible}\``;
}
