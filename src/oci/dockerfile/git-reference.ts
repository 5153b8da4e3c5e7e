import { InvalidArgumentError } from "../../base/errors.ts";

/** A build context in a Git repository: `URL#REF:FOLDER`. */
export interface GitReference {
  readonly remote: string;
  /** A branch, tag or commit; empty for the repository's own. */
  readonly ref: string;
  /** Within the repository, empty for all of it. */
  readonly folder: string;
}

/**
 * Reads what Docker takes for a Git repository: `git://…`, `git@host:…`, `ssh://…`, `github.com/…`, and http addresses whose path ends in `.git`.
 * Null for everything else.
 * @throws InvalidArgumentError for a reference or folder that is none.
 */
export function parseGitReference(text: string): GitReference | null {
  const at = text.indexOf("#");
  const place = at < 0 ? text : text.slice(0, at);
  const isGit = /^(?:git:\/\/|git@|ssh:\/\/)./.test(place) || /^github\.com\/./.test(place) || /^https?:\/\/[^?]*\.git$/.test(place);
  if (!isGit) return null;
  const fragment = at < 0 ? "" : text.slice(at + 1);
  const colon = fragment.indexOf(":");
  const ref = colon < 0 ? fragment : fragment.slice(0, colon);
  const folder = colon < 0 ? "" : fragment.slice(colon + 1);
  // What begins with a dash would be an option of git's.
  if (place.startsWith("-") || ref.startsWith("-") || /\s/.test(ref))
    throw new InvalidArgumentError(`invalid git reference ${JSON.stringify(ref)}`);
  if (folder.split("/").includes("..")) throw new InvalidArgumentError(`invalid git subdirectory ${JSON.stringify(folder)}`);
  return { remote: place.startsWith("github.com/") ? `https://${place}` : place, ref, folder };
}

/** The arguments of git, one command after the other, that check a reference out into the folder in which they run. */
export function checkoutCommands(
  { remote, ref }: GitReference,
  { shallow }: { readonly shallow: boolean },
): readonly (readonly string[])[] {
  const wanted = ref === "" ? "HEAD" : ref;
  return [
    ["init", "-q"],
    ["remote", "add", "origin", remote],
    // A server without the smart protocol knows neither depth nor single commits.
    shallow
      ? ["fetch", "-q", "--depth", "1", "origin", wanted]
      : ["fetch", "-q", "--tags", "origin", "+refs/heads/*:refs/remotes/origin/*", "HEAD"],
    ["checkout", "-q", shallow || ref === "" ? "FETCH_HEAD" : ref],
    ["submodule", "update", "-q", "--init", "--recursive", "--depth=1"],
  ];
}
