import { closeSync, constants, fstatSync, openSync, readSync, realpathSync, statSync } from "node:fs";
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import { hasErrno, messageOf } from "../../base/errors.ts";
import type { Scenario, Setup, Suite } from "./scenario.generated.ts";
import { ScenarioError, type Problem } from "./scenario-error.ts";
import { parseSource, type Source } from "./source.ts";
import { validateSetup, validateSuite } from "./validate.ts";

/** A file that scenarios share, and what it says. */
export interface SharedFile {
  readonly kind: "suite" | "setup";
  readonly value: Suite & Setup;
  readonly source: Source;
}

const SUITE_FILE = "suite.yaml";
/** How far above a scenario its suite's file may be. */
const LEVELS = 4;
/** A setup that includes a setup, and so on. */
const MAX_NESTED = 20;
const MAX_BYTES = 1024 * 1024;

/** Whether a file of this name is a suite's or a setup, and so no scenario. */
export function isSharedFile(file: string): boolean {
  return basename(file) === SUITE_FILE || /\.setup\.ya?ml$/.test(file);
}

/**
 * The files that a scenario shares with others, those that stand below first: its suite's, with what that includes, then what the scenario
 * includes; each once. A setup is of the suite: of its folder, or without one of the scenario's, also after links.
 * @throws ScenarioError with all that is wrong with these files, or with how they are named.
 */
export function sharedFilesOf({ include }: Pick<Scenario, "include">, source: Source): readonly SharedFile[] {
  const suite = suiteFileOf(source.file);
  const found = new Found(resolve(dirname(suite ?? source.file)));
  if (suite !== null) found.suite(suite);
  found.include(include, source, []);
  if (found.problems.length > 0) throw new ScenarioError(found.problems);
  return found.files;
}

/** Holds a suite's file or a setup against its schema by itself, for those that no scenario has yet. @throws ScenarioError */
export function checkSharedFile(file: string): void {
  const source = parseSource(file, readSmall(file));
  const result = basename(file) === SUITE_FILE ? validateSuite(source) : validateSetup(source);
  if ("problems" in result) throw new ScenarioError(result.problems);
}

class Found {
  readonly files: SharedFile[] = [];
  readonly problems: Problem[] = [];
  readonly #folder: string;
  /** By their real paths. */
  readonly #known = new Set<string>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  suite(file: string): void {
    try {
      const source = parseSource(file, readSmall(file));
      const result = validateSuite(source);
      if ("problems" in result) this.problems.push(...result.problems);
      else {
        this.include(result.value.include, source, []);
        this.files.push({ kind: "suite", value: result.value, source });
      }
    } catch (error) {
      this.#add(error, file);
    }
  }

  /** @param above the setups, by their real paths, that led here. */
  include(paths: readonly string[] | undefined, from: Source, above: readonly string[]): void {
    for (const [index, path] of (paths ?? []).entries()) {
      const tell = (message: string): void => void this.problems.push(from.problem(["include", index], message));
      const file = join(dirname(from.file), path);
      let real: string;
      try {
        real = realpathSync(file);
      } catch (error) {
        tell(hasErrno(error, "ENOENT") ? "there is no such file" : messageOf(error));
        continue;
      }
      if (!isBelow(resolve(file), this.#folder) || !isBelow(real, realpathSync(this.#folder))) {
        tell(`leads out of the suite, the folder ${this.#folder}`);
        continue;
      }
      const again = above.indexOf(real);
      if (again >= 0) {
        tell(`is included by itself${again === above.length - 1 ? "" : `, through ${basename(above[again + 1] ?? "")}`}`);
        continue;
      }
      if (above.length >= MAX_NESTED) {
        tell(`is nested too deeply; at most ${MAX_NESTED} setups include one another`);
        continue;
      }
      if (this.#known.has(real)) continue;
      this.#known.add(real);
      this.#setup(file, real, above, tell);
    }
  }

  #setup(file: string, real: string, above: readonly string[], tell: (message: string) => void): void {
    let bytes: Uint8Array;
    try {
      bytes = readSmall(file);
    } catch (error) {
      tell(messageOf(error));
      return;
    }
    try {
      const source = parseSource(file, bytes);
      const result = validateSetup(source);
      if ("problems" in result) this.problems.push(...result.problems);
      else {
        this.include(result.value.include, source, [...above, real]);
        this.files.push({ kind: "setup", value: result.value, source });
      }
    } catch (error) {
      this.#add(error, file);
    }
  }

  #add(error: unknown, file: string): void {
    if (error instanceof ScenarioError) this.problems.push(...error.problems);
    else this.problems.push({ file, line: 1, column: 1, path: "", message: messageOf(error) });
  }
}

/** The nearest `suite.yaml` in the scenario's folder or above it, but for folders where everybody may write. */
function suiteFileOf(file: string): string | null {
  let folder = dirname(file);
  for (let level = 0; level <= LEVELS; level++) {
    const here = resolve(folder);
    const info = statSync(here, { throwIfNoEntry: false });
    if (info === undefined || (info.mode & 0o002) !== 0) return null;
    const candidate = join(folder, SUITE_FILE);
    if (statSync(candidate, { throwIfNoEntry: false }) !== undefined) return candidate;
    if (dirname(here) === here) return null;
    folder = isAbsolute(folder) ? dirname(here) : relative("", dirname(here)) || ".";
  }
  return null;
}

function isBelow(path: string, folder: string): boolean {
  return path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}

/** No more than may be parsed, and nothing that could keep a reader waiting. @throws when it is no regular file. */
function readSmall(file: string): Uint8Array {
  const descriptor = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    if (!fstatSync(descriptor).isFile()) throw new Error("is no file");
    // One byte more than is allowed is enough to refuse it.
    const buffer = Buffer.alloc(MAX_BYTES + 1);
    let length = 0;
    for (;;) {
      const read = readSync(descriptor, buffer, length, buffer.length - length, length);
      if (read === 0) return buffer.subarray(0, length);
      length += read;
    }
  } finally {
    closeSync(descriptor);
  }
}
