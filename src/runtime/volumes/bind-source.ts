import { hasErrno, InternalError, messageOf } from "../../base/errors.ts";
import { makeFolder } from "../../base/make-folder.ts";

/** Makes the host directory that `-v` names where there is nothing yet, as Docker does. @throws InternalError in Docker's words. */
export function makeBindSource(path: string): void {
  try {
    makeFolder(path);
  } catch (error) {
    if (hasErrno(error, "EEXIST")) return; // a file
    // Node says `ENOENT: no such file or directory, mkdir '/x'`, Go the words between.
    const why = messageOf(error).replace(/^E[A-Z]+: (.*), \w+ '.*'$/s, "$1");
    throw new InternalError(`error while creating mount source path '${path}': mkdir ${path}: ${why}`, { cause: error });
  }
}
