import { lstat, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { hasErrno, InvalidArgumentError, messageOf } from "../../base/errors.ts";
import type { Language } from "../report/reporter.ts";
import { parseCsv } from "./csv.ts";

/** One whose work is graded. */
export interface Student {
  /** The name of the submission's folder. */
  readonly id: string;
  readonly name: string | null;
  /** Null when `submissions.csv` does not say: then the files' time counts. */
  readonly submittedAt: Date | null;
  /** Of the feedback; null for everybody's. */
  readonly language: Language | null;
  /** Null for one who is in `submissions.csv` and handed nothing in. */
  readonly folder: string | null;
}

export interface Cohort {
  /** In the order of their ids. */
  readonly students: readonly Student[];
  /** What lies beside the folders and is not graded. */
  readonly leftOut: readonly string[];
}

const LIST = "submissions.csv";

/**
 * The submissions of a folder: a folder each, named by the student's id, and perhaps `submissions.csv` with the columns id, name, submitted
 * (a time with an offset) and language (en, zh), of which only id must be there.
 * @throws InvalidArgumentError when the folder or the list cannot be used.
 */
export async function readCohort(folder: string): Promise<Cohort> {
  let names: readonly string[];
  try {
    names = await readdir(folder);
  } catch (error) {
    throw new InvalidArgumentError(`--submissions ${folder}: ${hasErrno(error, "ENOENT") ? "no such folder" : messageOf(error)}`, {
      cause: error,
    });
  }
  const listed = names.includes(LIST)
    ? readList(join(folder, LIST), await readFile(join(folder, LIST), "utf8"))
    : new Map<string, Listed>();
  const folders = new Set<string>();
  const leftOut: string[] = [];
  for (const name of names) {
    if (name.startsWith(".") || name === LIST) continue;
    // A link could lead to another's work.
    if ((await lstat(join(folder, name))).isDirectory()) folders.add(name);
    else leftOut.push(name);
  }
  const ids = [...new Set([...folders, ...listed.keys()])].toSorted((a, b) => (a < b ? -1 : 1));
  const unknown: Listed = { name: null, submittedAt: null, language: null };
  return {
    students: ids.map((id) => ({ id, ...(listed.get(id) ?? unknown), folder: folders.has(id) ? join(folder, id) : null })),
    leftOut: leftOut.toSorted(),
  };
}

type Listed = Pick<Student, "name" | "submittedAt" | "language">;

function readList(file: string, text: string): ReadonlyMap<string, Listed> {
  const [head = [], ...rows] = parseCsv(text);
  const columns = head.map((name) => name.trim().toLowerCase());
  if (!columns.includes("id"))
    throw new InvalidArgumentError(`${file}: its first line must name the columns: id, name, submitted, language`);
  const listed = new Map<string, Listed>();
  for (const [index, row] of rows.entries()) {
    const wrong = (message: string): InvalidArgumentError => new InvalidArgumentError(`${file}, entry ${index + 1}: ${message}`);
    const value = (column: string): string | null => row[columns.indexOf(column)]?.trim() || null;
    const id = value("id");
    if (id === null) throw wrong("it has no id");
    if (/[/\u0000]/.test(id) || id === "." || id === "..") throw wrong(`the id ${JSON.stringify(id)} cannot be a folder's name`);
    if (listed.has(id)) throw wrong(`the id ${id} was there before`);
    const submitted = value("submitted");
    if (submitted !== null && !/T.*(?:Z|[+-]\d\d:\d\d)$/.test(submitted)) {
      throw wrong(`submitted must be a time with an offset such as 2026-03-15T23:59:59+08:00, not ${submitted}`);
    }
    const submittedAt = submitted === null ? null : new Date(submitted);
    if (submittedAt !== null && Number.isNaN(submittedAt.getTime())) throw wrong(`there is no such time: ${submitted}`);
    const language = value("language");
    if (language !== null && language !== "en" && language !== "zh") throw wrong(`language must be en or zh, not ${language}`);
    listed.set(id, { name: value("name"), submittedAt, language });
  }
  return listed;
}
