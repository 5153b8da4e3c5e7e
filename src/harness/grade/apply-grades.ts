import { mkdir, open, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { hasErrno } from "../../base/errors.ts";

/** New grades that are decided on: what is here is to take the old ones' place, whatever happens meanwhile. */
const APPLYING = ".applying";

/**
 * Puts the grades in `staging`, a folder on the same file system, in place of those in `out`: all of them or none. One rename decides it. Before that
 * the old grades are whole; after it the new ones count, and whoever reads them first calls `finishApplying`, should this be broken off.
 */
export async function applyGrades(staging: string, out: string, move: typeof rename = rename): Promise<void> {
  await finishApplying(out, move);
  await move(staging, join(out, APPLYING));
  await syncFolder(out);
  await finishApplying(out, move);
}

/** Goes on with what was decided on and broken off; does nothing, and cheaply, when there is nothing. To be called before grades are read or written. */
export async function finishApplying(out: string, move: typeof rename = rename): Promise<void> {
  const from = join(out, APPLYING);
  for (const folder of ["results", "feedback"]) {
    // What a grader was writing when it was killed is none of the results.
    const names = (await namesIn(join(from, folder))).filter((name) => !name.endsWith(".tmp"));
    if (names.length > 0) await mkdir(join(out, folder), { recursive: true, mode: 0o700 });
    for (const name of names) await moveIfThere(join(from, folder, name), join(out, folder, name), move);
    if (names.length > 0) await syncFolder(join(out, folder));
  }
  for (const name of ["gradebook.csv", "gradebook.json"]) await moveIfThere(join(from, name), join(out, name), move);
  if ((await namesIn(from)).length > 0) await syncFolder(out);
  await rm(from, { recursive: true, force: true });
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (hasErrno(error, "ENOENT")) return [];
    throw error;
  }
}

/** Another that reads the grades may be doing the same. */
async function moveIfThere(from: string, to: string, move: typeof rename): Promise<void> {
  try {
    await move(from, to);
  } catch (error) {
    if (!hasErrno(error, "ENOENT")) throw error;
  }
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
