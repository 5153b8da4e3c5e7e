import { chmod, cp, mkdir, readdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { hasErrno, messageOf } from "../../base/errors.ts";
import { exerciseSkeleton } from "../grade/exercise-skeleton.ts";
import { gradescopeScripts } from "../grade/gradescope-scripts.ts";
import { loadExercise } from "../grade/load-exercise.ts";
import { newCommand, type NotRun, parse } from "./command-line.ts";
import { type ExitCode, exitCodes } from "./exit-codes.ts";

export type InitExerciseOptions =
  | { readonly what: "exercise"; readonly folder: string }
  | { readonly what: "gradescope"; readonly exercise: string; readonly folder: string };

/** Reads the words after `slipway init`. */
export function parseInitExerciseOptions(argv: readonly string[]): InitExerciseOptions | NotRun {
  const command = newCommand("init", "Write the files that something begins with.");
  let options: InitExerciseOptions | null = null;
  command
    .command("exercise")
    .description("A small exercise that works, to be changed into another.")
    .argument("<dir>", "a folder that is not there yet, or empty")
    .action((folder: string) => void (options = { what: "exercise", folder }));
  command
    .command("gradescope")
    .description("The setup.sh and run_autograder of a Gradescope autograder for an exercise, and the exercise beside them.")
    .argument("<exercise>", "folder with exercise.yaml")
    .argument("<dir>", "a folder that is not there yet, or empty; what is in it is to be zipped")
    .action((exercise: string, folder: string) => void (options = { what: "gradescope", exercise, folder }));
  const refusal = parse(command, argv);
  return refusal ?? options ?? { isHelp: false, text: command.helpInformation() };
}

/** `slipway init exercise` and `slipway init gradescope`: writes files into a new folder; overwrites nothing. */
export async function initExercise(
  options: InitExerciseOptions,
  { stdout, stderr }: { readonly stdout: (text: string) => void; readonly stderr: (text: string) => void },
): Promise<ExitCode> {
  const { folder } = options;
  try {
    if ((await entriesOf(folder)).length > 0) {
      stderr(`${folder} is not empty\n`);
      return exitCodes.usage;
    }
    const files = options.what === "exercise" ? exerciseSkeleton : gradescopeScripts;
    if (options.what === "gradescope") {
      await loadExercise(options.exercise);
      // The solution and the known-bad ones have nothing to do there, but loading wants them: they are not readable for submissions.
      await cp(options.exercise, join(folder, "exercise"), { recursive: true });
    }
    for (const [path, { content, executable = false }] of Object.entries(files)) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), content, { flag: "wx" });
      if (executable) await chmod(join(folder, path), 0o755);
    }
    for (const path of Object.keys(files)) stdout(`${join(folder, path)}\n`);
    return exitCodes.pass;
  } catch (error) {
    stderr(`${messageOf(error)}\n`);
    return exitCodes.usage;
  }
}

async function entriesOf(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (hasErrno(error, "ENOENT")) return [];
    throw error;
  }
}
