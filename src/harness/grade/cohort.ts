import { lstat, readdir, readFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { hasErrno, InvalidArgumentError, messageOf } from "../../base/errors.ts";
import type { Language } from "../report/reporter.ts";
import { ArchiveError, isArchiveName } from "./archive.ts";
import { parseCsv } from "./csv.ts";
import { downloadedAs } from "./download-names.ts";
import type { SubmissionSource, SubmittedEntry } from "./entries.ts";
import { archiveSource, fileSource, filesSource, folderSource } from "./submission-sources.ts";
import { bytesOfFile, readZip } from "./zip.ts";

/** One whose work is graded. */
export interface Student {
  readonly id: string;
  readonly name: string | null;
  /** Null when the list does not say: then the files' time counts. */
  readonly submittedAt: Date | null;
  /** Of the feedback; null for everybody's. */
  readonly language: Language | null;
  /** How often this student has handed in by now; 1 for the first time. Null when nothing says so. */
  readonly attempt: number | null;
  /** Null for one who is in the list and handed nothing in. */
  readonly work: SubmissionSource | null;
}

export interface Cohort {
  /** In the order of their ids. */
  readonly students: readonly Student[];
  /** What lies beside the submissions and is not graded. */
  readonly leftOut: readonly string[];
}

const LIST = "submissions.csv";

/**
 * The submissions of a cohort. `path` is
 * - a folder with a folder or an archive for each student, named by the student's id; or what Canvas or Moodle gave to download, unpacked; and perhaps
 *   `submissions.csv` with the columns id, name, submitted (a time with an offset), language (en, zh) and attempt, of which only id must be there;
 * - a zip of that;
 * - such a list by itself, with a column `path` besides, of folders, archives or files, relative to the list.
 * @throws InvalidArgumentError when it cannot be used.
 */
export async function readCohort(path: string): Promise<Cohort> {
  let isFolder: boolean;
  try {
    isFolder = (await lstat(resolve(path))).isDirectory();
  } catch (error) {
    throw new InvalidArgumentError(`--submissions ${path}: ${hasErrno(error, "ENOENT") ? "no such folder or file" : messageOf(error)}`, {
      cause: error,
    });
  }
  if (isFolder) return await folderCohort(path);
  if (/\.csv$/i.test(path)) return await listCohort(path);
  if (/\.zip$/i.test(path)) return await zipCohort(path);
  throw new InvalidArgumentError(`--submissions ${path}: it must be a folder, a .zip or a .csv`);
}

async function folderCohort(folder: string): Promise<Cohort> {
  const names = await readdir(folder);
  const listed = names.includes(LIST) ? readList(join(folder, LIST), await readFile(join(folder, LIST), "utf8")) : noList();
  const found = new Found();
  for (const name of names.toSorted()) {
    if (name.startsWith(".") || name === LIST) continue;
    const file = join(folder, name);
    // A link could lead to another's work.
    const info = await lstat(file);
    const download = downloadedAs(name);
    if (!info.isDirectory() && !info.isFile()) found.leftOut.push(name);
    else if (download !== null) found.addFile(download, file);
    else if (info.isDirectory()) found.add(name, folderSource(file));
    else if (isArchiveName(name)) found.add(name.replace(/\.(?:zip|tgz|tar(?:\.gz)?)$/i, ""), archiveSource(file));
    else found.leftOut.push(name);
  }
  return found.cohort(listed);
}

/** A list whose `path` says where each student's work is. */
async function listCohort(file: string): Promise<Cohort> {
  const listed = readList(file, await readFile(file, "utf8"));
  const found = new Found();
  for (const [id, { path }] of listed) {
    if (path === null) continue;
    const place = resolve(dirname(file), path);
    const info = await lstat(place).catch((error: unknown) => {
      throw new InvalidArgumentError(`${file}: the work of ${id} cannot be found: ${messageOf(error)}`, { cause: error });
    });
    found.add(id, info.isDirectory() ? folderSource(place) : isArchiveName(place) ? archiveSource(place) : fileSource(place));
  }
  return found.cohort(listed);
}

/** A zip with a folder, an archive or downloaded files for each student. What is in it is read when its student is graded. */
async function zipCohort(file: string): Promise<Cohort> {
  const folders: string[] = [];
  const list = async (onFolder?: (path: string) => void): Promise<readonly SubmittedEntry[]> =>
    await readZip(await bytesOfFile(file), onFolder);
  let entries: readonly SubmittedEntry[];
  try {
    entries = (await list((path) => folders.push(path))).filter(({ path }) => !/(?:^|\/)(?:__MACOSX|\.[^/]*)(?:\/|$)/.test(path));
  } catch (error) {
    throw new InvalidArgumentError(`--submissions ${file}: ${messageOf(error)}`, { cause: error });
  }
  // All in one folder: the folder that was packed.
  const top = /^[^/]+\//.exec(entries[0]?.path ?? "")?.[0] ?? "";
  const isWrapped =
    top !== "" && entries.every(({ path }) => path.startsWith(top)) && entries.some(({ path }) => path.slice(top.length).includes("/"));
  const prefix = isWrapped && downloadedAs(top.slice(0, -1)) === null ? top : "";
  const found = new Found();
  let listed = noList();
  const groups = new Map<string, string[]>();
  for (const { path, read } of entries) {
    const [first = "", ...below] = path.slice(prefix.length).split("/");
    if (first === LIST && below.length === 0) {
      const bytes = await read(16 * 1024 * 1024);
      if (bytes !== null) listed = readList(`${file}: ${LIST}`, Buffer.from(bytes).toString("utf8"));
      continue;
    }
    const download = downloadedAs(first);
    const id = download?.id ?? (below.length > 0 ? first : isArchiveName(first) ? first.replace(/\.(?:zip|tgz|tar(?:\.gz)?)$/i, "") : null);
    if (id === null) {
      found.leftOut.push(basename(path));
      continue;
    }
    if (!groups.has(id)) found.add(id, () => within(list, groups.get(id) ?? [], prefix), download?.name ?? null);
    groups.set(id, [...(groups.get(id) ?? []), path]);
  }
  // Of somebody who handed nothing in there is the folder alone.
  for (const path of folders) {
    const [id = "", ...below] = path.slice(prefix.length).split("/");
    const isStudents = path.startsWith(prefix) && below.length === 1 && id !== "" && !/^(?:\.|__MACOSX$)/.test(id);
    const download = downloadedAs(id);
    if (isStudents && !groups.has(download?.id ?? id))
      found.add(download?.id ?? id, () => within(list, [], prefix), download?.name ?? null);
  }
  return found.cohort(listed);
}

/** Some entries of a zip, by the names that they have for their student. */
async function* within(
  list: () => Promise<readonly SubmittedEntry[]>,
  paths: readonly string[],
  prefix: string,
): AsyncGenerator<SubmittedEntry> {
  const wanted = new Set(paths);
  for (const entry of await list()) {
    if (!wanted.has(entry.path)) continue;
    const [first = "", ...below] = entry.path.slice(prefix.length).split("/");
    const path = below.length > 0 ? below.join("/") : (downloadedAs(first)?.file ?? first);
    yield {
      ...entry,
      path,
      // A cohort's zip that is damaged at one student's file is that student's broken archive.
      read: async (limit) => {
        try {
          return await entry.read(limit);
        } catch (error) {
          throw new ArchiveError(messageOf(error), { cause: error });
        }
      },
    };
  }
}

/** Students as they are found. */
class Found {
  readonly leftOut: string[] = [];
  readonly #works = new Map<string, { readonly name: string | null; readonly work: SubmissionSource }>();
  readonly #files = new Map<string, { file: string; as: string }[]>();

  /** @throws InvalidArgumentError when the student was there before. */
  add(id: string, work: SubmissionSource, name: string | null = null): void {
    if (this.#works.has(id)) throw new InvalidArgumentError(`the submission of ${id} is there twice`);
    this.#works.set(id, { name, work });
  }

  /** One of perhaps several downloaded files of a student. */
  addFile({ id, name, file: as }: { readonly id: string; readonly name: string; readonly file: string }, file: string): void {
    const files = this.#files.get(id) ?? [];
    if (files.length === 0) {
      this.add(id, filesSource(files), name);
      this.#files.set(id, files);
    }
    files.push({ file, as });
  }

  cohort(listed: ReadonlyMap<string, Listed>): Cohort {
    const ids = [...new Set([...this.#works.keys(), ...listed.keys()])].toSorted((a, b) => (a < b ? -1 : 1));
    const unknown = { name: null, submittedAt: null, language: null, attempt: null };
    return {
      students: ids.map((id) => {
        const { name, submittedAt, language, attempt } = listed.get(id) ?? unknown;
        const found = this.#works.get(id);
        return { id, name: name ?? found?.name ?? null, submittedAt, language, attempt, work: found?.work ?? null };
      }),
      leftOut: this.leftOut.toSorted(),
    };
  }
}

function noList(): ReadonlyMap<string, Listed> {
  return new Map();
}

type Listed = Pick<Student, "name" | "submittedAt" | "language" | "attempt"> & { readonly path: string | null };

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
    const attempt = value("attempt");
    if (attempt !== null && !/^[1-9]\d{0,5}$/.test(attempt)) throw wrong(`attempt must be a number from 1 on, not ${attempt}`);
    listed.set(id, { name: value("name"), submittedAt, language, attempt: attempt === null ? null : Number(attempt), path: value("path") });
  }
  return listed;
}
