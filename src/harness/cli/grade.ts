import { mkdir, realpath } from "node:fs/promises";
import { join, resolve, sep } from "node:path";
import { writeFileAtomic } from "../../base/atomic-file.ts";
import { InvalidArgumentError, messageOf } from "../../base/errors.ts";
import { finishApplying } from "../grade/apply-grades.ts";
import { type Cohort, readCohort, type Student } from "../grade/cohort.ts";
import { pointsText } from "../grade/exact-points.ts";
import { feedbackMarkdown } from "../grade/feedback.ts";
import { gradeSubmission, type RunOver } from "../grade/grade-submission.ts";
import { studentSeed } from "../grade/student-seed.ts";
import { type Grade, gradebookCsv, gradebookJson, gradeOf } from "../grade/gradebook.ts";
import { type Exercise, loadExercise } from "../grade/load-exercise.ts";
import { readSubmission, type Submission } from "../grade/read-submission.ts";
import { folderSource } from "../grade/submission-sources.ts";
import { fileNameOf, readResult, stillStands, type StudentResult, studentResult, writeResult } from "../grade/student-result.ts";
import { visibleText } from "../report/visible-text.ts";
import type { SubmissionLimits } from "../targets/submission-limits.ts";
import type { ClientKind, EngineKind, Target } from "../targets/target.ts";
import { sweepWorkspaces } from "../targets/workspace.ts";
import { type ExitCode, exitCodes } from "./exit-codes.ts";
import type { GradeOptions } from "./grade-options.ts";
import { ProgressBar, spanText, type Terminal } from "./progress-bar.ts";
import { submissionRunner } from "./submission-runner.ts";

export interface GradeDependencies {
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
  /** Where standard output goes, when that is a terminal; else null. */
  readonly terminal: Terminal | null;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
  readonly slipwayVersion: string;
  /** Slipway's own folder, which steps can read. */
  readonly ownFolder: string;
  /** Decides only on what feedback may tell already. */
  readonly now: () => Date;
  readonly openTarget: (engine: EngineKind, client: ClientKind, limits?: SubmissionLimits) => Promise<Target>;
}

/** What is to be done for a student, and the earlier result if that still stands. */
interface Work {
  readonly student: Student;
  /** False: empty or refused. */
  readonly isRun: boolean;
  readonly standing: StudentResult | null;
  readonly isWanted: boolean;
}

const NOTHING: Submission = { files: [], notices: [], refused: false, modifiedAt: null, digest: "none" };

/** `slipway grade`: runs every submission through the exercise's scenarios; writes results as they come, then the gradebook. */
export async function grade(options: GradeOptions, dependencies: GradeDependencies): Promise<ExitCode> {
  const { stdout, stderr, signal, slipwayVersion } = dependencies;
  let exercise: Exercise;
  let cohort: Cohort;
  try {
    exercise = await loadExercise(options.exercise);
    cohort = await readCohort(options.submissions);
    for (const id of options.only) {
      if (!cohort.students.some((student) => student.id === id)) throw new InvalidArgumentError(`--only ${id}: there is no such student`);
    }
    if (cohort.students.length === 0) throw new InvalidArgumentError(`${options.submissions} has no submission`);
    await mkdir(join(options.out, "feedback"), { recursive: true, mode: 0o700 });
    await finishApplying(options.out);
  } catch (error) {
    stderr(`${messageOf(error)}\n`);
    return exitCodes.usage;
  }
  for (const name of cohort.leftOut) stderr(`${visibleText(name)}: left aside: no folder, archive or downloaded file of a student\n`);
  await sweepWorkspaces();

  const engine = `embedded ${slipwayVersion}`;
  const works: Work[] = [];
  try {
    for (const student of cohort.students) works.push(await workOf(student, exercise, options, engine));
  } catch (error) {
    stderr(`${messageOf(error)}\n`);
    return exitCodes.usage;
  }
  const results = new Map<string, StudentResult>();
  for (const { student, standing } of works) if (standing !== null) results.set(student.id, standing);
  const todo = works.filter(({ isWanted, standing }) => isWanted && standing === null);
  const kept = works.filter(({ isWanted, standing }) => isWanted && standing !== null).length;
  if (kept > 0) stdout(`${kept} of ${kept + todo.length} are graded already\n`);

  await gradeAll(todo, exercise, options, dependencies, (result) => results.set(result.id, result));
  if (signal.aborted) {
    stderr(`interrupted; ${results.size} of ${works.length} are graded, --resume goes on\n`);
    return exitCodes.interrupted;
  }
  const grades = works.map(({ student }) => gradeOf(student, results.get(student.id) ?? null, exercise));
  const isOver = exercise.due === null || dependencies.now() > exercise.due;
  for (const one of grades) {
    if (one.result === null) continue;
    const text = feedbackMarkdown(exercise, one, { language: one.student.language ?? options.language, isOver });
    await writeFileAtomic(join(options.out, "feedback", `${fileNameOf(one.student.id)}.md`), text);
  }
  await writeFileAtomic(join(options.out, "gradebook.csv"), gradebookCsv(exercise, grades));
  await writeFileAtomic(join(options.out, "gradebook.json"), gradebookJson(exercise, grades, slipwayVersion));
  const faults = grades.filter(({ result }) => result?.status === "fault").length;
  const reviews = grades.filter(({ result }) => result?.status === "review").map(({ student }) => visibleText(student.id));
  stdout(
    `${grades.filter(({ final }) => final !== null).length} of ${grades.length} have a grade: ${join(options.out, "gradebook.csv")}\n`,
  );
  if (faults > 0) stderr(`${faults} could not be judged, by the engine's or the host's fault: --resume tries again\n`);
  if (reviews.length > 0) {
    stderr(
      `to be looked at, for engine or host broke down twice under them, and not under the solution: ${reviews.join(", ")} (--only runs one again)\n`,
    );
  }
  return faults + reviews.length > 0 ? exitCodes.fault : exitCodes.pass;
}

async function workOf(student: Student, exercise: Exercise, options: GradeOptions, engine: string): Promise<Work> {
  const submission = await submissionOf(student, exercise);
  const isWanted = options.only.length === 0 || options.only.includes(student.id);
  // With --only the others' results are kept as with --resume.
  const earlier = options.resume || !isWanted ? await readResult(options.out, student.id) : null;
  const standing = stillStands(earlier, digestsOf(submission, exercise, engine)) ? earlier : null;
  return { student, isRun: isRun(submission), standing, isWanted };
}

async function submissionOf({ id, work }: Student, { handIn }: Exercise): Promise<Submission> {
  if (work === null) return NOTHING;
  try {
    return await readSubmission(work, handIn);
  } catch (error) {
    throw new InvalidArgumentError(`the submission of ${visibleText(id)} cannot be read: ${messageOf(error)}`, { cause: error });
  }
}

function digestsOf(submission: Submission, exercise: Exercise, engine: string): StudentResult["digests"] {
  return { exercise: exercise.digest, submission: submission.digest, engine };
}

async function gradeAll(
  todo: readonly Work[],
  exercise: Exercise,
  options: GradeOptions,
  dependencies: GradeDependencies,
  onResult: (result: StudentResult) => void,
): Promise<void> {
  if (todo.length === 0) return;
  const { stdout, stderr, signal, slipwayVersion, now, openTarget } = dependencies;
  const target = await openTarget("embedded", "slipway", exercise.limits);
  const wanted = todo.filter(({ isRun: runs }) => runs).length * exercise.tasks.length;
  const runner = submissionRunner(target, { wanted, jobs: options.jobs, signal, stderr });
  const bar = new ProgressBar(dependencies.terminal, todo.length);
  let next = 0;
  let done = 0;
  const work = async (): Promise<void> => {
    for (let one = todo[next++]; one !== undefined && !signal.aborted; one = todo[next++]) {
      let result: StudentResult;
      try {
        result = await resultOf(one.student, exercise, `embedded ${slipwayVersion}`, runner.runOver, now);
      } catch (error) {
        if (signal.aborted) return;
        throw error;
      }
      await writeResult(options.out, result);
      onResult(result);
      done++;
      const left = bar.step();
      const count = `${done}/${todo.length}`;
      bar.above(() =>
        stdout(progressLine(gradeOf(one.student, result, exercise), exercise, count, dependencies.terminal === null ? left : 0)),
      );
    }
  };
  try {
    if (wanted > 0) {
      const secret = secretPaths(exercise, options);
      const own = await within(dependencies.ownFolder, secret);
      const readable = [...new Set([...own, ...(await runner.readable(secret))])];
      bar.above(() => warnOfReadable(readable, stderr));
    }
    await Promise.all(Array.from({ length: Math.min(options.jobs, target.maxRoots, todo.length) }, work));
  } finally {
    bar.end();
    await runner.close();
    // What a killed grader's engines were still holding when we began.
    await sweepWorkspaces();
  }
}

function isRun({ files, refused }: Submission): boolean {
  return files.length > 0 && !refused;
}

/** Reads the work again, so that no more of it is in memory than is graded at a time. */
async function resultOf(student: Student, exercise: Exercise, engine: string, runOver: RunOver, now: () => Date): Promise<StudentResult> {
  const submission = await submissionOf(student, exercise);
  const { files, notices, refused, modifiedAt } = submission;
  const control = async (): Promise<Submission["files"]> => (await readSubmission(folderSource(exercise.solution), exercise.handIn)).files;
  const seed = studentSeed(exercise.seed, student.id);
  const tasks = isRun(submission) ? await gradeSubmission(files, exercise, runOver, { seed, control }) : [];
  return studentResult(
    {
      id: student.id,
      status: refused ? "refused" : files.length === 0 ? "empty" : "graded",
      digests: digestsOf(submission, exercise, engine),
      notices,
      modifiedAt: modifiedAt?.toISOString() ?? null,
      gradedAt: now().toISOString(),
    },
    tasks,
  );
}

function progressLine({ student, result, final, lateness }: Grade, { points }: Exercise, count: string, leftMs: number): string {
  const none = result?.status === "review" ? "no grade: to be looked at" : "no grade: our fault";
  const grade = final === null ? none : `${pointsText(final)}/${pointsText(points)}`;
  const notes = [
    result?.status === "empty" || result?.status === "refused" ? result.status : "",
    lateness.days > 0 ? `late by ${lateness.days} d` : "",
    leftMs > 0 ? `${spanText(leftMs)} left` : "",
  ];
  return `${[count.padStart(9), visibleText(student.id), grade, ...notes].filter((note) => note !== "").join("  ")}\n`;
}

function secretPaths({ folder, solution }: Exercise, { submissions, out }: GradeOptions): readonly string[] {
  return [join(folder, "exercise.yaml"), solution, submissions, out].map((path) => resolve(path));
}

/** Those of `paths` that lie in this folder, wherever that is shown to steps. */
async function within(folder: string, paths: readonly string[]): Promise<readonly string[]> {
  const top = `${await realpath(folder)}${sep}`;
  const real = await Promise.all(paths.map(async (path) => await realpath(path)));
  return paths.filter((_, index) => real[index]?.startsWith(top));
}

function warnOfReadable(paths: readonly string[], stderr: (text: string) => void): void {
  if (paths.length === 0) return;
  stderr(
    `warning: a submission's commands can read ${paths.join(", ")}: keep them outside Slipway's folder, where nobody else may enter (chmod 700)\n`,
  );
}
