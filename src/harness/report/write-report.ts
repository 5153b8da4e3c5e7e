import { realpath, stat, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { writeFileAtomic } from "../../base/atomic-file.ts";
import { hasErrno } from "../../base/errors.ts";
import { makeFolder } from "../../base/make-folder.ts";

/** Where a report goes: a file, written whole or not at all, or `write`, our standard output. */
export type ReportSink = { readonly file: string } | { readonly write: (text: string) => void };

/** Puts a whole report there; folders are made, a link stays a link, and a device or pipe is written to. Throws the file system's error. */
export async function writeReport(sink: ReportSink, text: string): Promise<void> {
  if ("write" in sink) {
    sink.write(text);
    return;
  }
  makeFolder(dirname(sink.file));
  const isPlain = await stat(sink.file).then(
    (about) => about.isFile() || about.isDirectory(),
    (error: unknown) => {
      if (hasErrno(error, "ENOENT")) return true;
      throw error;
    },
  );
  // Written beside and renamed over it, /dev/stdout would be no device any more.
  if (!isPlain) return writeFile(sink.file, text);
  await writeFileAtomic(await realpath(sink.file).catch(() => sink.file), text);
}
