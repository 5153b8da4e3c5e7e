import { Option } from "commander";
import { readFile } from "node:fs/promises";
import { writeFileAtomic } from "../../base/atomic-file.ts";
import { InvalidArgumentError, messageOf } from "../../base/errors.ts";
import { finishApplying } from "../grade/apply-grades.ts";
import { readCohort } from "../grade/cohort.ts";
import { autolabOutput } from "../grade/exports/autolab.ts";
import { type Filled, fillCanvas } from "../grade/exports/canvas.ts";
import { classroom50Result } from "../grade/exports/classroom50.ts";
import { courseraFeedback } from "../grade/exports/coursera.ts";
import { githubResult } from "../grade/exports/github.ts";
import { gradescopeResults } from "../grade/exports/gradescope.ts";
import { fillMoodle } from "../grade/exports/moodle.ts";
import { partJunit } from "../grade/exports/part-junit.ts";
import { prairielearnResults } from "../grade/exports/prairielearn.ts";
import { type Told, toldOf } from "../grade/exports/told.ts";
import { feedbackMarkdown } from "../grade/feedback.ts";
import { type Grade, gradeOf } from "../grade/gradebook.ts";
import { type Exercise, loadExercise } from "../grade/load-exercise.ts";
import { readResult } from "../grade/student-result.ts";
import { textIn } from "../plan/describe.ts";
import type { Language } from "../report/reporter.ts";
import { visibleText } from "../report/visible-text.ts";
import { type ExitCode, exitCodes } from "./exit-codes.ts";
import { languageOf, newCommand, type NotRun, parse } from "./command-line.ts";

export const EXPORT_FORMATS = [
  "gradescope",
  "classroom50",
  "github",
  "prairielearn",
  "autolab",
  "coursera",
  "junit",
  "canvas",
  "moodle",
] as const;

export interface ExportOptions {
  readonly format: (typeof EXPORT_FORMATS)[number];
  readonly exercise: string;
  readonly submissions: string;
  readonly out: string;
  readonly student: string | null;
  readonly fill: string | null;
  readonly assignment: string | null;
  readonly to: string | null;
  readonly language: Language;
}

const HELP = `
Examples:
  slipway export canvas exercises/flatten -s submissions --fill export.csv --assignment Flatten --to import.csv
  slipway export junit exercises/flatten -s submissions --student 2021001

canvas and moodle fill the file that the course gave (--fill) for the whole cohort; the others are of one student (--student, needed when there are more).

Exit codes:
  0  written
  2  the exercise, the submissions, the file to be filled or the command line is wrong
  3  the student has no grade: nothing was written, so that nobody takes our fault for zero points
`;

/** Reads the words after `slipway export`. */
export function parseExportOptions(argv: readonly string[], env: Readonly<Record<string, string | undefined>>): ExportOptions | NotRun {
  const command = newCommand("export", "Write grades as a course's system takes them.")
    .argument("<format>", EXPORT_FORMATS.join(", "))
    .argument("<exercise>", "folder with exercise.yaml")
    .requiredOption("-s, --submissions <path>", "what was graded")
    .option("-o, --out <dir>", "where slipway grade put its results", "grades")
    .option("--student <id>", "whose result it is")
    .option("--fill <file>", "canvas: the exported gradebook; moodle: the grading worksheet")
    .option("--assignment <name>", "canvas: the assignment's column; the exercise's title when absent")
    .option("--to <file>", "where to write; standard output when absent")
    .addOption(new Option("--lang <language>", "language of feedback").choices(["en", "zh"]))
    .addHelpText("after", HELP);
  const refusal = parse(command, argv);
  if (refusal !== null) return refusal;
  const [format = "", exercise = ""] = command.processedArgs.map(String);
  const known = EXPORT_FORMATS.find((one) => one === format);
  const values = command.opts<{
    submissions: string;
    out: string;
    student?: string;
    fill?: string;
    assignment?: string;
    to?: string;
    lang?: Language;
  }>();
  if (known === undefined)
    return { isHelp: false, text: `slipway export: there is no format ${format}; there are ${EXPORT_FORMATS.join(", ")}\n` };
  const { submissions, out, student = null, fill = null, assignment = null, to = null, lang } = values;
  return { format: known, exercise, submissions, out, student, fill, assignment, to, language: lang ?? languageOf(env) };
}

export interface ExportDependencies {
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly now: () => Date;
}

/** `slipway export`: what `slipway grade` found out, in the form that another system takes. Runs nothing. */
export async function exportGrades(options: ExportOptions, dependencies: ExportDependencies): Promise<ExitCode> {
  const { stdout, stderr } = dependencies;
  try {
    const exercise = await loadExercise(options.exercise);
    const { students } = await readCohort(options.submissions);
    await finishApplying(options.out);
    const grades = await Promise.all(
      students.map(async (student) => gradeOf(student, await readResult(options.out, student.id), exercise)),
    );
    const text =
      options.format === "canvas" || options.format === "moodle"
        ? await filled(exercise, grades, options, dependencies)
        : ofOne(exercise, grades, options, dependencies);
    if (text === null) {
      stderr("there is no grade yet: nothing was written\n");
      return exitCodes.fault;
    }
    if (options.to === null) stdout(text);
    else await writeFileAtomic(options.to, text);
    return exitCodes.pass;
  } catch (error) {
    stderr(`${messageOf(error)}\n`);
    return exitCodes.usage;
  }
}

async function filled(
  exercise: Exercise,
  grades: readonly Grade[],
  options: ExportOptions,
  { stderr, now }: ExportDependencies,
): Promise<string> {
  const { format, fill, language } = options;
  if (fill === null) throw new InvalidArgumentError(`${format}: --fill must name the file that the course gave`);
  const given = await readFile(fill, "utf8");
  const result: Filled =
    format === "canvas"
      ? fillCanvas(given, exercise, grades, options.assignment ?? textIn(exercise.title, language))
      : fillMoodle(given, exercise, grades, (grade) => feedbackOf(exercise, grade, language, now()));
  for (const id of result.missing) stderr(`${visibleText(id)} is not in ${fill}\n`);
  return result.text;
}

function ofOne(exercise: Exercise, grades: readonly Grade[], options: ExportOptions, { env, now }: ExportDependencies): string | null {
  const { format, student, language } = options;
  const grade = student === null && grades.length === 1 ? grades[0] : grades.find((one) => one.student.id === student);
  if (grade === undefined) {
    throw new InvalidArgumentError(
      student === null ? `${format}: --student must say whose result it is` : `--student ${student}: there is no such student`,
    );
  }
  const told = toldOf(exercise, grade, {
    language: grade.student.language ?? language,
    isOver: isOver(exercise, now()),
    revealsHidden: format === "gradescope",
    ...((format === "autolab" || format === "junit") && { namesIn: language }),
    feedback: feedbackOf(exercise, grade, language, now()),
  });
  if (told === null) return null;
  switch (format) {
    case "gradescope":
      return gradescopeResults(told);
    case "classroom50":
      return classroom50Result(told, env, now());
    case "github":
      return githubResult(told);
    case "prairielearn":
      return prairielearnResults(told);
    case "autolab":
      return autolabOutput(told);
    case "coursera":
      return courseraFeedback(told);
    default:
      return junitOf(told, exercise, language);
  }
}

function junitOf(told: Told, exercise: Exercise, language: Language): string {
  return partJunit(told, textIn(exercise.title, language));
}

function isOver({ due }: Exercise, now: Date): boolean {
  return due === null || now > due;
}

function feedbackOf(exercise: Exercise, grade: Grade, language: Language, now: Date): string {
  return feedbackMarkdown(exercise, grade, { language: grade.student.language ?? language, isOver: isOver(exercise, now) });
}
