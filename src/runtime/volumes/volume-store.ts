import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { writeFileAtomic } from "../../base/atomic-file.ts";
import type { Clock } from "../../base/clock.ts";
import { ConflictError, hasErrno, InvalidArgumentError, NotFoundError } from "../../base/errors.ts";
import { goFilter } from "../../base/go-pattern.ts";
import { randomId } from "../../base/ids.ts";
import { makeFolder } from "../../base/make-folder.ts";
import type * as wire from "../../docker/api/types.ts";
import { removeTree } from "../snapshots/remove-tree.ts";
import { makeBindSource } from "./bind-source.ts";
import { directorySize } from "./directory-size.ts";
import type { SubpathKernel } from "./held-subpaths.ts";
import { isLocal, type LocalVolume, localVolume, noDriver } from "./driver-options.ts";
import { mountSpec } from "./mount-spec.ts";
import { type PlannedMount, planMounts } from "./plan-mounts.ts";
import { VolumeFolders } from "./volume-folders.ts";
import { labelsMatch, onlyKnownFilters } from "./volume-filters.ts";
import type { ContainerMount, MountsInUse, VolumeRequest, Volumes, VolumeUsers } from "./volumes.ts";

/** What is kept of a volume in `.volumes.json`, by its name. */
interface VolumeRecord {
  readonly createdAt: string;
  readonly labels: Readonly<Record<string, string>> | null;
  readonly options: Readonly<Record<string, string>> | null;
  /** Nobody named it: it goes with its container on `rm -v`. */
  readonly anonymous: boolean;
}

/** The named and anonymous volumes of one root: `volumes/NAME/_data` and `volumes/.volumes.json` (no volume can be called that). */
export class VolumeStore implements Volumes {
  readonly #directory: string;
  readonly #clock: Clock;
  readonly #users: VolumeUsers;
  readonly #folders: VolumeFolders;
  readonly #tell: (action: "create" | "destroy", name: string) => void;
  #records: Map<string, VolumeRecord>;

  private constructor(options: VolumesOptions, records: Map<string, VolumeRecord>) {
    this.#directory = options.directory;
    this.#clock = options.clock;
    this.#users = options.users;
    this.#folders = new VolumeFolders({
      ...options,
      find: (name) => (this.#records.has(name) ? { volume: this.#local(name), path: this.#dataOf(name) } : null),
    });
    this.#tell = options.onEvent ?? (() => undefined);
    this.#records = records;
  }

  /** Opens the volumes below `directory`, which is made with the first one. */
  static async open(options: VolumesOptions): Promise<VolumeStore> {
    let records = {};
    try {
      records = JSON.parse(await readFile(join(options.directory, ".volumes.json"), "utf8")) as Record<string, VolumeRecord>;
    } catch (error) {
      if (!hasErrno(error, "ENOENT")) throw error;
    }
    return new VolumeStore(options, new Map(Object.entries(records)));
  }

  /** Filters: `dangling`, `driver`, `label`, `name`. @throws InvalidArgumentError `Invalid filter 'x'` */
  async list(filters: wire.Filters): Promise<{ Volumes: readonly wire.VolumeInspect[]; Warnings: null }> {
    onlyKnownFilters(filters, ["dangling", "driver", "label", "name"]);
    const [dangling] = filters["dangling"] ?? [];
    if (dangling !== undefined && !/^(true|false|1|0)$/i.test(dangling)) {
      throw new InvalidArgumentError(`Invalid filter 'dangling=[${dangling}]'`);
    }
    const names = (filters["name"] ?? []).map(goFilter);
    const volumes = [...this.#records]
      .filter(([name, record]) => {
        if (dangling !== undefined && (this.#users.containersWith(name).length === 0) !== /^(true|1)$/i.test(dangling)) return false;
        if (filters["driver"]?.length && !filters["driver"].includes("local")) return false;
        if (names.length > 0 && !names.some((matches) => matches(name))) return false;
        return labelsMatch(record.labels ?? {}, filters["label"] ?? []);
      })
      .map(([name]) => this.#describe(name))
      .toSorted((a, b) => (a.Name < b.Name ? -1 : 1));
    return { Volumes: volumes, Warnings: null };
  }

  /** @throws NotFoundError */
  async inspect(name: string): Promise<wire.VolumeInspect> {
    return this.#describe(name);
  }

  #describe(name: string): wire.VolumeInspect {
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
    if (!isLocal(request.Driver ?? "")) throw new NotFoundError(noDriver(name, request.Driver ?? ""));
    await this.#ensure(name, { labels: request.Labels ?? null, options: request.DriverOpts ?? null, anonymous: !request.Name });
    return this.#describe(name);
  }

  /** `force` forgives a volume that is not there. @throws NotFoundError, ConflictError when a container uses it. */
  async remove(name: string, options: { readonly force: boolean }): Promise<void> {
    if (!this.#records.has(name)) {
      if (options.force) return;
      throw new NotFoundError(`get ${name}: no such volume`);
    }
    const users = this.#users.containersWith(name);
    if (users.length > 0) throw new ConflictError(`remove ${name}: volume is in use - [${users.join(", ")}]`);
    await this.#delete(name);
  }

  /** Bytes on disk. @throws NotFoundError */
  async size(name: string): Promise<number> {
    return await directorySize(this.#describe(name).Mountpoint);
  }

  /** Removes anonymous volumes that no container uses, and with the filter `all` the named ones too; filters `label` and `label!`. */
  async prune(filters: wire.Filters): Promise<{ VolumesDeleted: readonly string[]; SpaceReclaimed: number }> {
    onlyKnownFilters(filters, ["label", "label!", "all"]);
    const [all = "false"] = filters["all"] ?? [];
    if (!/^(true|false|1|0)$/i.test(all)) throw new InvalidArgumentError(`invalid filter 'all=[${all}]'`);
    const deleted: string[] = [];
    let reclaimed = 0;
    for (const [name, record] of this.#records) {
      if (!record.anonymous && !/^(true|1)$/i.test(all)) continue;
      if (this.#users.containersWith(name).length > 0 || !labelsMatch(record.labels ?? {}, filters["label"] ?? [])) continue;
      if (filters["label!"]?.some((label) => labelsMatch(record.labels ?? {}, [label]))) continue;
      reclaimed += await directorySize(this.#dataOf(name));
      await this.#delete(name);
      deleted.push(name);
    }
    return { VolumesDeleted: deleted, SpaceReclaimed: reclaimed };
  }

  /**
   * Host directories that `-v` names are made here too when they are not there (`--mount` refuses them; Docker makes them at the
   * container's start, and then also again after they went).
   */
  async resolve(request: VolumeRequest): Promise<readonly ContainerMount[]> {
    const mounts: ContainerMount[] = [];
    for (const planned of planMounts(request)) mounts.push(await this.#realize(planned));
    return mounts.toSorted((a, b) => depth(a.point.Destination) - depth(b.point.Destination));
  }

  async #realize(planned: PlannedMount): Promise<ContainerMount> {
    const { type, destination, mode, readonly, propagation, shown } = planned;
    const common = { Destination: destination, Mode: mode, RW: !readonly, Propagation: propagation };
    if (type === "tmpfs") {
      const spec = mountSpec(planned, "tmpfs");
      return { point: { Type: type, Source: "", ...common }, shown, spec, path: null, copyUp: false, anonymous: false };
    }
    if (type === "bind") {
      const path = planned.source;
      makeBindSource(path);
      return {
        point: { Type: type, Source: path, ...common },
        shown,
        spec: mountSpec(planned, path),
        path,
        copyUp: false,
        anonymous: false,
      };
    }
    const name = planned.source || randomId();
    // Not as "not found", at which clients would pull the image.
    if (!isLocal(planned.driver)) throw new InvalidArgumentError(noDriver(name, planned.driver));
    await this.#ensure(name, { labels: planned.labels, options: planned.driverOptions, anonymous: planned.source === "" });
    const volume = this.#local(name);
    const path = volume.kind === "bind" ? volume.device : this.#dataOf(name);
    const spec = mountSpec(planned, path);
    return {
      point: { Type: type, Name: name, Source: this.#dataOf(name), ...common, Driver: "local" },
      shown,
      // A user's path, wherever it was named.
      spec: volume.kind === "bind" ? { ...spec, fromUser: true } : spec,
      path,
      ...(planned.subpath !== "" && { subpath: planned.subpath }),
      copyUp: planned.copyUp,
      // A volume that another container got anonymously stays so for those that share it by `--volumes-from`.
      anonymous: this.#records.get(name)?.anonymous ?? false,
    };
  }

  use(mounts: readonly ContainerMount[], within?: readonly string[]): MountsInUse {
    return this.#folders.use(mounts, within);
  }

  async fill(mount: ContainerMount, copyTo: (folder: string) => Promise<void>): Promise<void> {
    await this.#folders.fill(mount, copyTo);
  }

  #local(name: string): LocalVolume {
    return localVolume(name, this.#records.get(name)?.options ?? null);
  }

  #dataOf(name: string): string {
    return join(this.#directory, name, "_data");
  }

  async #ensure(name: string, record: Omit<VolumeRecord, "createdAt">): Promise<void> {
    checkName(name);
    if (this.#records.has(name)) return;
    localVolume(name, record.options);
    try {
      makeFolder(this.#dataOf(name));
    } catch (error) {
      if (!hasErrno(error, "ENAMETOOLONG")) throw error;
      throw new InvalidArgumentError(`create ${name}: error while creating volume root path: file name too long`, { cause: error });
    }
    this.#records.set(name, {
      ...record,
      createdAt: this.#clock
        .now()
        .toISOString()
        .replace(/\.\d+Z$/, "Z"),
    });
    await this.#save();
    this.#tell("create", name);
  }

  async #delete(name: string): Promise<void> {
    this.#records.delete(name);
    await this.#save();
    await removeTree(join(this.#directory, name));
    this.#tell("destroy", name);
  }

  async #save(): Promise<void> {
    await writeFileAtomic(join(this.#directory, ".volumes.json"), JSON.stringify(Object.fromEntries(this.#records), null, 1));
  }
}

export interface VolumesOptions {
  /** `volumes` of the root's layout. */
  readonly directory: string;
  readonly clock: Clock;
  readonly users: VolumeUsers;
  /** What mounts volumes that are in memory, and parts of volumes. */
  readonly kernel: SubpathKernel;
  /** The folder where parts of volumes are mounted, on what does not outlive the engine. */
  readonly parts: string;
  /** Hears of volumes that are made, also for a container, and removed. */
  readonly onEvent?: (action: "create" | "destroy", name: string) => void;
}

function depth(path: string): number {
  return path.split("/").filter((part) => part !== "").length;
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
