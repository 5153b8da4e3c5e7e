import { Option } from "commander";
import { availableParallelism } from "node:os";
import type { Language } from "../report/reporter.ts";
import { languageOf, newCommand, type NotRun, parse, positive } from "./command-line.ts";

export interface GradeOptions {
  /** Folder of exercise.yaml. */
  readonly exercise: string;
  readonly submissions: string;
  readonly out: string;
  /** Students at a time. */
  readonly jobs: number;
  readonly resume: boolean;
  /** Ids; empty for all. */
  readonly only: readonly string[];
  readonly language: Language;
}

const EXAMPLES = `
Examples:
  slipway grade exercises/flatten --submissions submissions       everybody; grades/ has what came of it
  slipway grade exercises/flatten -s canvas.zip -o g --resume     go on where it was broken off
  slipway grade exercises/flatten -s submissions --only 2021001   one student again

Submissions are a folder, or a zip of one, with a folder or an archive (zip, tar, tar.gz) for each student, named by the student's id, and perhaps
submissions.csv with the columns id, name, submitted (a time with an offset), language (en, zh) and attempt; or what Canvas or Moodle gave to
download; or such a list by itself, with a column path.

Written to --out, each file at once and whole:
  results/ID.json   feedback/ID.md   gradebook.csv   gradebook.json

Exit codes:
  0  everybody has a grade
  2  the exercise, the submissions or the command line is wrong; nothing was run
  3  the engine or the host is at fault: somebody has no grade yet (--resume tries again)
  130  interrupted; --resume goes on
`;

/** Reads the words after `slipway grade`. */
export function parseGradeOptions(argv: readonly string[], env: Readonly<Record<string, string | undefined>>): GradeOptions | NotRun {
  const command = newCommand("grade", "Grade submissions of an exercise.")
    .argument("<exercise>", "folder with exercise.yaml")
    .requiredOption("-s, --submissions <path>", "folder, zip or list (csv) of submissions")
    .option("-o, --out <dir>", "where results, feedback and gradebook go", "grades")
    .option("-j, --jobs <n>", "students at a time", positive, availableParallelism())
    .option("--resume", "keep results whose exercise, submission and engine are the same still", false)
    .option(
      "--only <id>",
      "grade this student alone, and keep the others' results; may be repeated",
      (id: string, before: string[]) => [...before, id],
      [],
    )
    .addOption(new Option("--lang <language>", "language of feedback").choices(["en", "zh"]))
    .addHelpText("after", EXAMPLES);
  const refusal = parse(command, argv);
  if (refusal !== null) return refusal;
  const values = command.opts<{
    submissions: string;
    out: string;
    jobs: number;
    resume: boolean;
    only: readonly string[];
    lang?: Language;
  }>();
  const { submissions, out, jobs, resume, only } = values;
  return { exercise: String(command.processedArgs[0]), submissions, out, jobs, resume, only, language: values.lang ?? languageOf(env) };
}

const REGRADE_EXAMPLES = `
Examples:
  slipway regrade exercises/flatten -s submissions            who gains and who loses what; no grade is changed
  slipway regrade exercises/flatten -s submissions --apply    put the new grades in place
`;

/** Reads the words after `slipway regrade`. */
export function parseRegradeOptions(
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): (GradeOptions & { readonly apply: boolean }) | NotRun {
  const command = newCommand("regrade", "Grade again, and show who gains and who loses before anything is written.")
    .argument("<exercise>", "folder with exercise.yaml")
    .requiredOption("-s, --submissions <path>", "folder, zip or list (csv) of submissions")
    .option("-o, --out <dir>", "where the grades are", "grades")
    .option("-j, --jobs <n>", "students at a time", positive, availableParallelism())
    .option("--apply", "put the new grades in place of the old", false)
    .addOption(new Option("--lang <language>", "language of feedback").choices(["en", "zh"]))
    .addHelpText("after", REGRADE_EXAMPLES);
  const refusal = parse(command, argv);
  if (refusal !== null) return refusal;
  const { lang, ...values } = command.opts<{ submissions: string; out: string; jobs: number; apply: boolean; lang?: Language }>();
  return { exercise: String(command.processedArgs[0]), ...values, resume: true, only: [], language: lang ?? languageOf(env) };
}
