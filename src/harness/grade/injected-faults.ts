import type { SubmittedFile } from "./read-submission.ts";

/** The solution with one line less. */
export interface InjectedFault {
  /** `flatten.sh:7` */
  readonly name: string;
  readonly files: readonly SubmittedFile[];
}

/** As many as are tried at most: an exercise's expectations are few, and so are the lines that each of them is about. */
const MOST = 12;

/** What is left of a solution when one of its lines is missing: evenly chosen among all lines that are neither empty nor comments. */
export function injectedFaults(files: readonly SubmittedFile[]): readonly InjectedFault[] {
  const faults = files.flatMap((file) => {
    const lines = Buffer.from(file.content).toString("utf8").split("\n");
    return lines.flatMap((line, index) => {
      if (/^\s*(?:#.*)?$/.test(line)) return [];
      const content = Buffer.from(lines.toSpliced(index, 1).join("\n"));
      return [{ name: `${file.path}:${index + 1}`, files: files.map((one) => (one === file ? { ...file, content } : one)) }];
    });
  });
  return faults.filter(
    (_, index) => Math.floor(((index + 1) * MOST) / faults.length) > Math.floor((index * MOST) / faults.length) || faults.length <= MOST,
  );
}
