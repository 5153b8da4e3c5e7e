import { randomBytes } from "node:crypto";
import { chmod, lstat, readdir, readFile, readlink, rename, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import tmp from "tmp";
import { hasErrno } from "../../base/errors.ts";
import { removeCgroups } from "./remove-cgroups.ts";

/**
 * Temporary directories are named `slipway-NAMESPACE-START-PID-RANDOM` (`tmp` adds the last two): the process that made them, by its
 * pid namespace, start time and pid. So the next run can tell the directories of a runner that was killed from those of one that still works.
 */
const NAME = /^slipway-(\d+)-(\d+)-(\d+)-[^-]+$/;

/** A fresh directory, mode 0755 so that shifted ids may pass through it, below `parent`. */
export async function makeWorkspace(parent = tmpdir()): Promise<string> {
  const { namespace, start } = await self();
  return tmp.dirSync({ tmpdir: parent, prefix: `slipway-${namespace}-${start}`, keep: true, mode: 0o755 }).name;
}

/** Puts a directory where no sweep removes it, beside the workspaces; returns where that is. */
export async function keepForGood(directory: string, parent = tmpdir()): Promise<string> {
  const place = join(parent, `slipway-kept-${randomBytes(4).toString("hex")}`);
  await rename(directory, place);
  return place;
}

/**
 * Removes the directories that killed runners left below `parent`, and the cgroups of a dockerd in one; returns those that are still there.
 * Never throws: it is only tidying.
 */
export async function sweepWorkspaces(parent = tmpdir()): Promise<readonly string[]> {
  const { namespace } = await self();
  const left: string[] = [];
  for (const name of await readdir(parent).catch(() => [])) {
    const match = NAME.exec(name);
    if (match === null || match[1] !== namespace || (await startTime(Number(match[3]))) === match[2]) continue;
    const path = join(parent, name);
    try {
      // /tmp is everybody's: only what is really ours to remove, and never through a link.
      const { uid } = await lstat(path);
      if (uid !== process.getuid?.()) continue;
      await removeTree(path).catch(async (error: unknown) => {
        // A root with a limited disk is a mount; who kept watch over it to unmount it was killed too.
        if (!hasErrno(error, "EBUSY")) throw error;
        await execa("umount", ["-l", "--", join(path, "root")], { reject: false, stdio: "ignore" });
        await removeTree(path);
      });
      await removeCgroups(name);
    } catch {
      // Another run sweeps it too, or it is in use after all.
      left.push(path);
    }
  }
  return left;
}

const REMOVE_ATTEMPTS = 10;

/** Removes a directory and all below, also directories without permissions such as overlay's `work`, and those of containers' users. */
export async function removeTree(path: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await rm(path, { recursive: true, force: true, maxRetries: 3, retryDelay: 50 });
      return;
    } catch (error) {
      const mayHelp = ["EACCES", "EPERM", "ENOTEMPTY"].some((code) => hasErrno(error, code));
      if (!mayHelp || attempt === REMOVE_ATTEMPTS) throw error;
      await openUp(path).catch(() => removeMapped(path, error));
    }
  }
}

/**
 * What users of containers own belongs to the ids that newuidmap(1) gives an ordinary user: root among these may remove it.
 * @throws `refusal` where there are none.
 */
async function removeMapped(path: string, refusal: unknown): Promise<void> {
  const { failed } = await execa("unshare", ["--map-root-user", "--map-auto", "rm", "-rf", "--", path], { reject: false, stdio: "ignore" });
  if (failed) throw refusal;
}

/** Gives us every directory below. `rm` goes on in other branches after it failed in one, so things vanish meanwhile. */
async function openUp(directory: string): Promise<void> {
  try {
    await chmod(directory, 0o700);
    for (const entry of await readdir(directory, { withFileTypes: true })) {
      if (entry.isDirectory()) await openUp(join(directory, entry.name));
    }
  } catch (error) {
    if (!hasErrno(error, "ENOENT")) throw error;
  }
}

async function self(): Promise<{ namespace: string; start: string }> {
  const namespace = /\d+/.exec(await readlink("/proc/self/ns/pid"))?.[0] ?? "0";
  return { namespace, start: (await startTime(process.pid)) ?? "0" };
}

/** When the process started, in clock ticks since boot (proc_pid_stat(5), field 22); null when there is none. */
async function startTime(pid: number): Promise<string | null> {
  const stat = await readFile(`/proc/${pid}/stat`, "latin1").catch(() => null);
  // The second field, in brackets, may hold anything, brackets and spaces too.
  return stat === null ? null : (stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? null);
}
