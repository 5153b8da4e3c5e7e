import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { writeFileAtomic } from "../../base/atomic-file.ts";

/** Where a report goes: a file, written whole or not at all, or `write`, our standard output. */
export type ReportSink = { readonly file: string } | { readonly write: (text: string) => void };

/** Puts a whole report there; folders are made. Throws the file system's error. */
export async function writeReport(sink: ReportSink, text: string): Promise<void> {
  if ("write" in sink) {
    sink.write(text);
    return;
  }
  await mkdir(dirname(sink.file), { recursive: true });
  await writeFileAtomic(sink.file, text);
}
