import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { hasErrno, messageOf } from "../../base/errors.ts";
import { applyGrades, finishApplying } from "../grade/apply-grades.ts";
import { changedGrades, changesText, gradesIn } from "../grade/grade-changes.ts";
import { type ExitCode, exitCodes } from "./exit-codes.ts";
import { grade, type GradeDependencies } from "./grade.ts";
import type { GradeOptions } from "./grade-options.ts";

export interface RegradeOptions extends GradeOptions {
  /** True: the new grades are put in place of the old. */
  readonly apply: boolean;
}

/** Beside the grades, so that renaming moves them. */
const STAGING = ".regrade";

/**
 * `slipway regrade`: grades everybody again beside the grades that are there, shows who gains and loses what, and puts the new ones in place only when
 * asked to. What was run is kept for that. Lateness goes by the submissions' times, so nobody becomes late by it.
 */
export async function regrade(options: RegradeOptions, dependencies: GradeDependencies): Promise<ExitCode> {
  const { out, apply } = options;
  const { stdout, stderr } = dependencies;
  const staging = join(out, STAGING);
  let before: ReturnType<typeof gradesIn>;
  try {
    await finishApplying(out);
    before = gradesIn(await readFile(join(out, "gradebook.json"), "utf8"));
  } catch (error) {
    stderr(
      `${join(out, "gradebook.json")}: ${hasErrno(error, "ENOENT") ? "there are no grades yet: slipway grade makes them" : messageOf(error)}\n`,
    );
    return exitCodes.usage;
  }
  await mkdir(staging, { recursive: true, mode: 0o700 });
  const exitCode = await grade({ ...options, out: staging, resume: true }, dependencies);
  if (exitCode === exitCodes.usage || exitCode === exitCodes.interrupted) return exitCode;
  const after = gradesIn(await readFile(join(staging, "gradebook.json"), "utf8"));
  stdout(changesText(changedGrades(before, after), after.size));
  if (!apply) {
    stdout("nothing is written yet: --apply puts the new grades in place\n");
    return exitCode;
  }
  await applyGrades(staging, out);
  stdout(`the new grades are in ${out}\n`);
  return exitCode;
}
