import { availableParallelism } from "node:os";
import { messageOf } from "../../base/errors.ts";
import { type Attempt, attemptName, checkExercise, vacuous as vacuousIn } from "../grade/check-exercise.ts";
import { pointsText } from "../grade/exact-points.ts";
import { totalPoints, gradeSubmission } from "../grade/grade-submission.ts";
import { injectedFaults } from "../grade/injected-faults.ts";
import { type Exercise, loadExercise } from "../grade/load-exercise.ts";
import { readSubmission, type SubmittedFile } from "../grade/read-submission.ts";
import { folderSource } from "../grade/submission-sources.ts";
import { sweepWorkspaces } from "../targets/workspace.ts";
import { type ExitCode, exitCodes } from "./exit-codes.ts";
import type { GradeDependencies } from "./grade.ts";
import { newCommand, type NotRun, parse, positive } from "./command-line.ts";
import { submissionRunner } from "./submission-runner.ts";

export interface ExerciseCheckOptions {
  readonly exercise: string;
  readonly runs: number;
  readonly jobs: number;
}

const HELP = `
Example:
  slipway exercise check exercises/flatten --runs 3

The solution must earn everything, an empty submission nothing, and each of known-bad exactly the verdict that exercise.yaml says; and all
of them the same on every run. Expectations that nothing wrong fails are listed.

Exit codes:
  0  it holds
  1  it does not
  2  exercise.yaml, a scenario or the command line is wrong; nothing was run
  3  the engine or the host is at fault
`;

/** Reads the words after `slipway exercise`. */
export function parseExerciseOptions(argv: readonly string[]): ExerciseCheckOptions | NotRun {
  const command = newCommand("exercise", "Work on exercises.");
  const check = command
    .command("check")
    .description("Prove an exercise by its solution, an empty submission, and known-bad ones.")
    .argument("<dir>", "folder with exercise.yaml")
    .option("-n, --runs <n>", "how often each is run, the later ones in another order", positive, 2)
    .option("-j, --jobs <n>", "submissions at a time", positive, availableParallelism())
    .addHelpText("after", HELP)
    .action(() => undefined);
  const refusal = parse(command, argv);
  if (refusal !== null) return refusal;
  return { exercise: String(check.processedArgs[0]), ...check.opts<{ runs: number; jobs: number }>() };
}

/** `slipway exercise check`: proves an exercise before students see it. */
export async function checkExerciseFolder(
  { exercise: folder, runs, jobs }: ExerciseCheckOptions,
  { stdout, stderr, signal, openTarget }: Pick<GradeDependencies, "stdout" | "stderr" | "signal" | "openTarget">,
): Promise<ExitCode> {
  let exercise: Exercise;
  let submissions: readonly Proof[];
  try {
    exercise = await loadExercise(folder);
    submissions = await proofs(exercise);
  } catch (error) {
    stderr(`${messageOf(error)}\n`);
    return exitCodes.usage;
  }
  await sweepWorkspaces();
  const queue = Array.from({ length: runs }, (_, run) => (run % 2 === 0 ? submissions : submissions.toReversed())).flat();
  const wanted = queue.filter(({ refused }) => !refused).length * exercise.tasks.length;
  const target = await openTarget("embedded", "slipway", exercise.limits);
  const runner = submissionRunner(target, { wanted, jobs, signal, stderr });
  const attempts: Attempt[] = [];
  let next = 0;
  const work = async (): Promise<void> => {
    for (let one = queue[next++]; one !== undefined && !signal.aborted; one = queue[next++]) {
      const results = one.refused ? [] : await gradeSubmission(one.files, exercise, runner.runOver);
      attempts.push({ of: one.of, refused: one.refused, results });
    }
  };
  const workers = async (): Promise<void> => {
    await Promise.all(Array.from({ length: Math.min(jobs, target.maxRoots, queue.length) }, work));
  };
  try {
    await workers();
    // Only where the known-bad submissions leave it open whether something can fail at all.
    if (vacuousIn(exercise, attempts).length > 0) {
      const solution = submissions.find(({ of }) => of === "solution")?.files ?? [];
      next = queue.length;
      queue.push(...injectedFaults(solution).map(({ name, files }) => ({ of: { injected: name }, refused: false, files })));
      await workers();
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    await runner.close();
  }
  if (signal.aborted) return exitCodes.interrupted;

  const { problems, vacuous, faults } = checkExercise(exercise, attempts);
  for (const { of } of submissions) {
    const attempt = attempts.find((one) => attemptName(one) === attemptName({ of }));
    if (attempt === undefined) continue;
    const earned = attempt.refused
      ? "refused"
      : `${pointsText(totalPoints(attempt.results, exercise).earned)}/${pointsText(exercise.points)}`;
    const isRight = ![...problems, ...faults].some((text) => text.startsWith(`${attemptName(attempt)}: `));
    stdout(`${isRight ? "✓" : "✗"} ${attemptName(attempt)}  ${earned}\n`);
  }
  for (const text of vacuous) stdout(`note: no wrong submission fails ${text}\n`);
  for (const text of problems) stderr(`${text}\n`);
  for (const text of faults) stderr(`not judged: ${text}\n`);
  if (faults.length > 0) return exitCodes.fault;
  stdout(problems.length === 0 ? `the exercise holds: ${attempts.length} runs\n` : "the exercise does not hold\n");
  return problems.length === 0 ? exitCodes.pass : exitCodes.fail;
}

interface Proof {
  readonly of: Attempt["of"];
  readonly refused: boolean;
  readonly files: readonly SubmittedFile[];
}

async function proofs({ solution, knownBad, handIn }: Exercise): Promise<readonly Proof[]> {
  const read = async (of: Attempt["of"], folder: string): Promise<Proof> => ({
    of,
    ...(await readSubmission(folderSource(folder), handIn)),
  });
  return [
    await read("solution", solution),
    { of: "empty", refused: false, files: [] },
    ...(await Promise.all(knownBad.map(({ name, folder }) => read({ knownBad: name }, folder)))),
  ];
}
