import { mkdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { writeFileAtomic } from "../../base/atomic-file.ts";
import type { Clock } from "../../base/clock.ts";
import { ConflictError, hasErrno, InternalError, InvalidArgumentError, NotFoundError } from "../../base/errors.ts";
import { randomId } from "../../base/ids.ts";
import type * as wire from "../../docker/api/types.ts";
import { directorySize } from "./directory-size.ts";
import type { PlannedMount } from "./plan-mounts.ts";
import { labelsMatch, onlyKnownFilters } from "./volume-filters.ts";

/** What is kept of a volume in `volumes.json`, by its name. */
interface VolumeRecord {
  readonly createdAt: string;
  readonly labels: Readonly<Record<string, string>> | null;
  readonly options: Readonly<Record<string, string>> | null;
  /** Nobody named it: it goes with its container on `rm -v`. */
  readonly anonymous: boolean;
}

/** Fills a volume that was just made: copies what the image has at `destination`, with the owner and mode of the directory itself, into `directory`. */
export type CopyUp = (destination: string, directory: string) => Promise<void>;

/** The named and anonymous volumes of one root: `volumes/NAME/_data` and `volumes/volumes.json`. */
export class Volumes {
  readonly #directory: string;
  readonly #clock: Clock;
  readonly #usersOf: (name: string) => readonly string[];
  #records: Map<string, VolumeRecord>;

  private constructor(options: VolumesOptions, records: Map<string, VolumeRecord>) {
    this.#directory = options.directory;
    this.#clock = options.clock;
    this.#usersOf = options.usersOf;
    this.#records = records;
  }

  /** Opens the volumes below `directory`, which is made with the first one. */
  static async open(options: VolumesOptions): Promise<Volumes> {
    let records = {};
    try {
      records = JSON.parse(await readFile(join(options.directory, "volumes.json"), "utf8")) as Record<string, VolumeRecord>;
    } catch (error) {
      if (!hasErrno(error, "ENOENT")) throw error;
    }
    return new Volumes(options, new Map(Object.entries(records)));
  }

  /** Filters: `dangling`, `driver`, `label`, `name`. @throws InvalidArgumentError `Invalid filter 'x'` */
  list(filters: wire.Filters): readonly wire.VolumeInspect[] {
    onlyKnownFilters(filters, ["dangling", "driver", "label", "name"]);
    const [dangling] = filters["dangling"] ?? [];
    if (dangling !== undefined && !/^(true|false|1|0)$/i.test(dangling)) {
      throw new InvalidArgumentError(`Invalid filter 'dangling=[${dangling}]'`);
    }
    return [...this.#records]
      .filter(([name, record]) => {
        if (dangling !== undefined && (this.#usersOf(name).length === 0) !== /^(true|1)$/i.test(dangling)) return false;
        if (filters["driver"]?.length && !filters["driver"].includes("local")) return false;
        if (filters["name"]?.length && !filters["name"].some((part) => name.includes(part))) return false;
        return labelsMatch(record.labels ?? {}, filters["label"] ?? []);
      })
      .map(([name]) => this.inspect(name))
      .toSorted((a, b) => (a.Name < b.Name ? -1 : 1));
  }

  /** @throws NotFoundError */
  inspect(name: string): wire.VolumeInspect {
    const record = this.#records.get(name);
    if (record === undefined) throw new NotFoundError(`get ${name}: no such volume`);
    const { createdAt, labels, options } = record;
    return {
      CreatedAt: createdAt,
      Driver: "local",
      Labels: labels,
      Mountpoint: this.#dataOf(name),
      Name: name,
      Options: options,
      Scope: "local",
    };
  }

  /** Makes a volume; one that is there already is given back as it is. Without a name it gets a random one. */
  async create(request: wire.VolumeCreateRequest): Promise<wire.VolumeInspect> {
    const name = request.Name || randomId();
    const driver = request.Driver || "local";
    if (driver !== "local")
      throw new NotFoundError(`create ${name}: error looking up volume plugin ${driver}: plugin "${driver}" not found`);
    for (const option of Object.keys(request.DriverOpts ?? {})) {
      // The local driver's own options mount something of the host's; a root is to keep to itself.
      throw new InvalidArgumentError(`create ${name}: invalid option: "${option}"`);
    }
    await this.#ensure(name, { labels: request.Labels ?? null, options: request.DriverOpts ?? null, anonymous: !request.Name });
    return this.inspect(name);
  }

  /** `force` forgives a volume that is not there. @throws NotFoundError, ConflictError when a container uses it. */
  async remove(name: string, options: { readonly force: boolean }): Promise<void> {
    if (!this.#records.has(name)) {
      if (options.force) return;
      throw new NotFoundError(`get ${name}: no such volume`);
    }
    const users = this.#usersOf(name);
    if (users.length > 0) throw new ConflictError(`remove ${name}: volume is in use - [${users.join(", ")}]`);
    await this.#delete(name);
  }

  /** What `rm -v` takes along: the anonymous volumes among `points` that no other container uses. */
  async removeAnonymous(points: readonly wire.MountPoint[]): Promise<void> {
    for (const { Name: name } of points) {
      if (name !== undefined && this.#records.get(name)?.anonymous && this.#usersOf(name).length === 0) await this.#delete(name);
    }
  }

  /** Removes what no container uses; filters `label` and `label!`. */
  async prune(filters: wire.Filters): Promise<{ VolumesDeleted: readonly string[] | null; SpaceReclaimed: number }> {
    onlyKnownFilters(filters, ["label", "label!", "all"]);
    const deleted: string[] = [];
    let reclaimed = 0;
    for (const [name, record] of this.#records) {
      if (this.#usersOf(name).length > 0 || !labelsMatch(record.labels ?? {}, filters["label"] ?? [])) continue;
      if (filters["label!"]?.some((label) => labelsMatch(record.labels ?? {}, [label]))) continue;
      reclaimed += await directorySize(this.#dataOf(name));
      await this.#delete(name);
      deleted.push(name);
    }
    return { VolumesDeleted: deleted.length > 0 ? deleted : null, SpaceReclaimed: reclaimed };
  }

  /**
   * For `create`: makes the volumes of a plan, fills the new ones by `copyUp`, and gives what inspect shows as `Mounts`.
   * Host directories of binds are left to `makeBindSources`, as Docker makes them at the container's start.
   */
  async prepare(planned: readonly PlannedMount[], copyUp: CopyUp): Promise<readonly wire.MountPoint[]> {
    const points: wire.MountPoint[] = [];
    for (const mount of planned) {
      const common = { Destination: mount.destination, Mode: mount.mode, RW: !mount.readonly, Propagation: mount.propagation };
      if (mount.type !== "volume") {
        points.push({ Type: mount.type, Source: mount.source, ...common });
        continue;
      }
      const name = mount.source || randomId();
      const made = await this.#ensure(name, { labels: mount.labels, options: null, anonymous: mount.source === "" });
      const source = this.#dataOf(name);
      // Docker fills any volume that is empty; one that was filled and emptied again by its user is left empty here.
      if (made && mount.copyUp) await copyUp(mount.destination, source);
      points.push({ Type: "volume", Name: name, Source: source, ...common, Driver: "local" });
    }
    return points;
  }

  #dataOf(name: string): string {
    return join(this.#directory, name, "_data");
  }

  /** True when it was made now. */
  async #ensure(name: string, record: Omit<VolumeRecord, "createdAt">): Promise<boolean> {
    checkName(name);
    if (this.#records.has(name)) return false;
    await mkdir(this.#dataOf(name), { recursive: true });
    this.#records.set(name, {
      ...record,
      createdAt: this.#clock
        .now()
        .toISOString()
        .replace(/\.\d+Z$/, "Z"),
    });
    await this.#save();
    return true;
  }

  async #delete(name: string): Promise<void> {
    this.#records.delete(name);
    await this.#save();
    await rm(join(this.#directory, name), { recursive: true, force: true });
  }

  async #save(): Promise<void> {
    await writeFileAtomic(join(this.#directory, "volumes.json"), JSON.stringify(Object.fromEntries(this.#records), null, 1));
  }
}

export interface VolumesOptions {
  /** `volumes` of the root's layout. */
  readonly directory: string;
  readonly clock: Clock;
  /** Ids of the containers, running or not, that mount a volume. */
  readonly usersOf: (volume: string) => readonly string[];
}

/**
 * For `start`: makes the host directories that `-v` names and that are not there. (`--mount` was refused at create without them;
 * one that went since is made too, where Docker fails.)
 * @throws InternalError when it cannot be made.
 */
export async function makeBindSources(points: readonly wire.MountPoint[]): Promise<void> {
  for (const { Type: type, Source: source } of points) {
    if (type !== "bind") continue;
    try {
      await mkdir(source, { recursive: true });
    } catch (error) {
      if (hasErrno(error, "EEXIST")) continue; // a file
      throw new InternalError(`error while creating mount source path '${source}': ${(error as Error).message}`, { cause: error });
    }
  }
}

function checkName(name: string): void {
  if (name.length === 1) {
    throw new InvalidArgumentError(`create ${name}: volume name is too short, names should be at least two alphanumeric characters`);
  }
  if (!/^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/.test(name)) {
    throw new InvalidArgumentError(
      `create ${name}: ${JSON.stringify(name)} includes invalid characters for a local volume name, only "[a-zA-Z0-9][a-zA-Z0-9_.-]" are allowed. If you intended to pass a host directory, use absolute path`,
    );
  }
}
