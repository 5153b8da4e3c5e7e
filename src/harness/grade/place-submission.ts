import { chown, mkdir, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { TargetRoot } from "../targets/target.ts";
import type { SubmittedFile } from "./read-submission.ts";

/** Puts files into a root's work directory before its first step, owned by whom the directory belongs to. */
export async function placeSubmission(files: readonly SubmittedFile[], { hostWorkdir }: Pick<TargetRoot, "hostWorkdir">): Promise<void> {
  const { uid, gid } = await stat(hostWorkdir);
  const own = async (path: string): Promise<void> => {
    if (process.getuid?.() === 0) await chown(path, uid, gid);
  };
  for (const { path, mode, content } of files) {
    let folder = hostWorkdir;
    for (const part of dirname(path).split("/")) {
      if (part === ".") continue;
      folder = join(folder, part);
      await mkdir(folder, { mode: 0o755 }).then(
        () => own(folder),
        (error: unknown) => {
          if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
        },
      );
    }
    await writeFile(join(hostWorkdir, path), content, { mode, flag: "wx" });
    await own(join(hostWorkdir, path));
  }
}
