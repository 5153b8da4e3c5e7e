/** A file or folder as a course's system names it in "download all submissions". */
export interface Downloaded {
  /** By which the system's own gradebook knows the student. */
  readonly id: string;
  readonly name: string;
  /** As it was handed in; empty for a folder. */
  readonly file: string;
}

/**
 * Reads the names of
 * - Canvas: `lastfirst_12345_67890_flatten.sh`, with `LATE_` before the user's id when it came late. The id is that of the column ID in a gradebook's export.
 * - Moodle: `Ann Other_12345_assignsubmission_file_`, a folder, or with the file's name behind it. The id is that of "Participant 12345" in a grading worksheet.
 * Null for any other name.
 */
export function downloadedAs(name: string): Downloaded | null {
  const moodle = /^(.+)_(\d+)_assignsubmission_(?:file|onlinetext)(?:_(.*))?$/s.exec(name);
  if (moodle !== null) return { id: moodle[2] ?? "", name: moodle[1] ?? "", file: moodle[3] ?? "" };
  const canvas = /^([^_]+)_(?:LATE_)?(\d+)_(\d+)_(.+)$/s.exec(name);
  if (canvas !== null) return { id: canvas[2] ?? "", name: canvas[1] ?? "", file: canvas[4] ?? "" };
  return null;
}
