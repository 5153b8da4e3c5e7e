import { execa } from "execa";
import { realpathSync } from "node:fs";
import { dirname, join, resolve, sep } from "node:path";
import { InvalidArgumentError } from "../../../base/errors.ts";
import type { Plan } from "../../plan/plan.ts";

/**
 * The files, as absolute paths, that git sees changed below `folder`'s repository: since the last commit, or with `since` since the branch left
 * that revision; those that it does not know yet too.
 * @throws InvalidArgumentError when there is no repository, no git, or no such revision.
 */
export async function changedFiles(folder: string, since: string | null): Promise<readonly string[]> {
  const top = (await git(folder, ["rev-parse", "--show-toplevel"])).replace(/\n$/, "");
  const hasCommit =
    since !== null || (await execa("git", ["-C", top, "rev-parse", "--verify", "-q", "HEAD"], { reject: false })).exitCode === 0;
  const from = since === null ? "HEAD" : (await git(top, ["merge-base", "--end-of-options", since, "HEAD"])).trim();
  const lists = await Promise.all([
    hasCommit ? git(top, ["diff", "--name-only", "-z", "--no-renames", from]) : git(top, ["ls-files", "-z"]),
    git(top, ["ls-files", "--others", "--exclude-standard", "-z"]),
  ]);
  return [...new Set(lists.join("").split("\0"))].filter((path) => path !== "").map((path) => join(top, path));
}

/** A scenario or a setup that was not selected, or is no more: only those that have it would change with it. */
function isScenario(path: string): boolean {
  return /\.ya?ml$/.test(path) && !/\/(?:images|fixtures)\//.test(path) && !/\/suite\.ya?ml$/.test(path);
}

/**
 * The plans that `changed` files may have changed: a scenario's own file, its suite's and the setups that it includes; or one that lies in its
 * folder or above and is no scenario itself, such as a fixture or what an image is made of (`images/` belongs to the folder it is in).
 * Changes outside of `roots`, the files and folders that scenarios were asked of, count for nobody.
 */
export function plansOfChanges(plans: readonly Plan[], changed: readonly string[], roots: readonly string[]): readonly Plan[] {
  const own = new Set(plans.flatMap(({ files }) => files.map(real)));
  const below = (path: string, folder: string): boolean => path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
  const asked = roots.map(real);
  const shared = changed
    .filter((path) => !own.has(path) && !isScenario(path) && asked.some((root) => below(path, root)))
    .map((path) => dirname(path).replace(/\/(?:images|fixtures)(?:\/.*)?$/, ""));
  const direct = new Set(changed);
  return plans.filter(({ file, files }) => {
    const folderOf = dirname(real(file));
    return files.some((one) => direct.has(real(one))) || shared.some((folder) => below(folderOf, folder));
  });
}

async function git(folder: string, args: readonly string[]): Promise<string> {
  const result = await execa("git", ["-C", folder, ...args], { reject: false, stripFinalNewline: false });
  if (result.exitCode === 0) return result.stdout;
  const why = result.exitCode === undefined ? "there is no git here" : result.stderr.trim().split("\n")[0];
  throw new InvalidArgumentError(`--changed and --since ask git what has changed: ${why}`);
}

function real(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return resolve(path);
  }
}
