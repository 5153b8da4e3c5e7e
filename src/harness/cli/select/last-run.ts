import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Report } from "../../report/report.ts";

/** So many folders' last runs are remembered. */
const KEPT = 50;

/** Remembers the report of the last run in a folder, for `--last-failed` and `slipway explain`. */
export class LastRun {
  readonly #folder: string;
  readonly #file: string;

  /** @param folder where reports are kept; @param workdir the folder in which runs are started. */
  constructor(folder: string, workdir: string) {
    this.#folder = folder;
    this.#file = join(folder, `${createHash("sha256").update(workdir).digest("hex").slice(0, 16)}.json`);
  }

  /** The last run's report; null when none is remembered, or it cannot be read. */
  async read(): Promise<Report | null> {
    try {
      const report = JSON.parse(await readFile(this.#file, "utf8")) as Partial<Report>;
      return Array.isArray(report.scenarios) && report.schemaVersion === 1 ? (report as Report) : null;
    } catch {
      return null;
    }
  }

  /** Remembers `report`, and forgets those of folders where nobody ran anything for the longest. A home that cannot be written is no fault. */
  async write(report: Report): Promise<void> {
    try {
      await mkdir(this.#folder, { recursive: true, mode: 0o700 });
      // Renamed so that no reader sees half of it, and not synced: nobody waits for a disk to remember this.
      const temporary = `${this.#file}.${process.pid}`;
      await writeFile(temporary, JSON.stringify(report), { mode: 0o600 });
      await rename(temporary, this.#file);
      const names = (await readdir(this.#folder)).filter((name) => name.endsWith(".json"));
      if (names.length <= KEPT) return;
      const aged = await Promise.all(names.map(async (name) => ({ name, at: (await stat(join(this.#folder, name))).mtimeMs })));
      const old = aged.toSorted((a, b) => b.at - a.at).slice(KEPT);
      await Promise.all(old.map(({ name }) => rm(join(this.#folder, name), { force: true })));
    } catch {
      // What is remembered is only a comfort.
    }
  }
}
