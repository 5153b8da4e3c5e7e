import { execFile } from "node:child_process";
import { lstat, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { messageOf } from "../../../base/errors.ts";
import { checkoutCommands, type GitReference } from "../../../oci/dockerfile/git-reference.ts";
import { StatusError } from "../cli-errors.ts";
import type { CommandContext } from "../command.ts";

const run = promisify(execFile);

/** A repository's files in a temporary folder. */
export interface GitContext extends AsyncDisposable {
  readonly folder: string;
}

/**
 * Checks a Git repository out by the host's git, as Docker's command does for the classic builder: credentials, keys and proxies are the user's.
 * Git's own folder is no part of the context.
 * @throws StatusError `unable to prepare context: unable to 'git clone' to temporary context directory: …`
 */
export async function gitContext(reference: GitReference, { env, signal }: CommandContext): Promise<GitContext> {
  const root = await mkdtemp(join(tmpdir(), "docker-build-git"));
  const remove = async (): Promise<void> => await rm(root, { recursive: true, force: true });
  const checkOut = async (shallow: boolean): Promise<void> => {
    for (const args of checkoutCommands(reference, { shallow })) {
      // No question may be asked: nobody would see it.
      const settings = { ...env, GIT_TERMINAL_PROMPT: "0", GIT_PROTOCOL_FROM_USER: "0" };
      await run("git", ["-c", "protocol.file.allow=never", ...args], { cwd: root, env: settings, signal });
    }
  };
  try {
    await checkOut(true).catch(async () => {
      signal?.throwIfAborted();
      for (const name of await readdir(root)) await rm(join(root, name), { recursive: true, force: true });
      await checkOut(false);
    });
    await rm(join(root, ".git"), { recursive: true, force: true });
    const folder = await folderIn(root, reference.folder);
    return { folder, [Symbol.asyncDispose]: remove };
  } catch (error) {
    await remove();
    signal?.throwIfAborted();
    const why = error instanceof Error && "stderr" in error ? String(error.stderr).trim() || error.message : messageOf(error);
    throw new StatusError(`unable to prepare context: unable to 'git clone' to temporary context directory: ${why}`);
  }
}

/** A link in a repository may lead anywhere, so none is followed to the folder. */
async function folderIn(root: string, path: string): Promise<string> {
  let at = root;
  for (const part of path.split("/").filter((one) => one !== "" && one !== ".")) {
    at = join(at, part);
    const stats = await lstat(at).catch(() => null);
    if (!stats?.isDirectory()) throw new Error(`${path} is no folder of the repository`);
  }
  return at;
}
