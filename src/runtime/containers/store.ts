import { readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { writeFileAtomic } from "../../base/atomic-file.ts";
import { hasErrno } from "../../base/errors.ts";
import { makeFolder } from "../../base/make-folder.ts";
import type { ContainerRecord } from "./container.ts";

/** The records of one root's containers: `containers/ID/config.json`, beside what else belongs to the container. */
export class ContainerStore {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** The container's own folder. */
  folder(id: string): string {
    return join(this.#folder, id);
  }

  /** Whole records only, oldest first; a folder without one is what a create that did not come to its end left behind, and is removed. */
  async load(): Promise<readonly ContainerRecord[]> {
    makeFolder(this.#folder);
    const records: ContainerRecord[] = [];
    for (const id of await readdir(this.#folder)) {
      try {
        records.push(JSON.parse(await readFile(join(this.#folder, id, "config.json"), "utf8")) as ContainerRecord);
      } catch (error) {
        if (!hasErrno(error, "ENOENT") && !hasErrno(error, "ENOTDIR") && !(error instanceof SyntaxError)) throw error;
        await rm(join(this.#folder, id), { recursive: true, force: true });
      }
    }
    return records.toSorted((a, b) => (a.created < b.created ? -1 : 1));
  }

  /** Saves the record; `durable` also against a crash of the host, else only against one of the engine. */
  async save(record: ContainerRecord, { durable }: { readonly durable: boolean }): Promise<void> {
    const path = join(this.folder(record.id), "config.json");
    const text = JSON.stringify(record);
    if (durable) return writeFileAtomic(path, text, 0o600);
    const temporary = `${path}.${process.hrtime.bigint()}.tmp`;
    await writeFile(temporary, text, { mode: 0o600 });
    await rename(temporary, path);
  }

  async remove(id: string): Promise<void> {
    // The record goes first: a half-removed folder must not come back as a container.
    await rm(join(this.folder(id), "config.json"), { force: true });
    await rm(this.folder(id), { recursive: true, force: true });
  }
}
