import { Cleanup } from "../../../base/cleanup.ts";
import { InvalidArgumentError, messageOf } from "../../../base/errors.ts";
import { chainIdOf } from "../../../oci/chain-id.ts";
import type { HistoryEntry } from "../../../oci/image-config.ts";
import type { Image } from "../../images/images.ts";
import { LocatedError } from "../command.ts";
import { makeDirectories } from "../copy-files.ts";
import { MissingSourceError } from "../copy-sources.ts";
import { prepareCopy } from "../copy-step.ts";
import { keyOf } from "./layer-step.ts";
import { mountsKey, prepareMounts } from "./mount-world.ts";
import type { CopyStep, DirectoryStep, PlannedStep, RunStep } from "./planned-step.ts";
import { runCommand } from "./run-command.ts";
import type { SolvedLayers, SolveWork } from "./solve-work.ts";

type Placed<T> = PlannedStep & T;

/** Does the steps of one stage on what it is from. */
export class StageSolver {
  #layers: Image | null;
  #key: string;
  #created: string;
  readonly #history: HistoryEntry[];
  readonly #work: SolveWork;
  readonly #usesCache: boolean;

  constructor(work: SolveWork, from: SolvedLayers, { usesCache }: { readonly usesCache: boolean }) {
    this.#work = work;
    this.#layers = from.layers;
    this.#key = from.key;
    this.#created = from.created;
    this.#history = [...from.history];
    this.#usesCache = usesCache;
  }

  get solved(): SolvedLayers {
    return { layers: this.#layers, history: this.#history, key: this.#key, created: this.#created };
  }

  async run(step: PlannedStep): Promise<void> {
    this.#work.signal.throwIfAborted();
    try {
      await this.#dispatch(step);
    } catch (error) {
      if (error instanceof LocatedError || this.#work.signal.aborted) throw error;
      throw new LocatedError(messageOf(error), step, { cause: error });
    }
  }

  async #dispatch(step: PlannedStep): Promise<void> {
    switch (step.kind) {
      case "tell":
        return void this.#history.push({ ...this.#entry(step), empty_layer: true });
      case "run":
        return await this.#run(step);
      case "copy":
        return await this.#copy(step);
      case "directory":
        return await this.#makeDirectory(step);
    }
  }

  async #run(step: Placed<RunStep>): Promise<void> {
    const { host, options, signal } = this.#work;
    const { args, script, config, env, mounts: wanted, networkMode, vertex } = step;
    const { hostConfig } = options;
    const around = { ...this.#work, secret: options.secret };
    if (wanted.some(({ type, from }) => type === "bind" && from === "")) await this.#work.useContext();
    const key = keyOf([
      this.#key,
      "run",
      args,
      script?.content ?? "",
      env,
      config.WorkingDir ?? "/",
      config.User ?? "",
      networkMode,
      hostConfig,
      await mountsKey(around, wanted),
      this.#work.epoch,
    ]);
    await this.#layer(step, { key, description: `mount / from exec ${args.join(" ")}` }, async (commit) => {
      await using cleanup = new Cleanup();
      const { mounts, env: secrets } = await prepareMounts(around, wanted, script, cleanup);
      const image = this.#layers ?? (await this.#work.steps.empty());
      const all = [...env, ...step.proxies, ...secrets];
      await runCommand(host, { image, config, env: all, args, mounts, networkMode, hostConfig, vertex, signal }, commit);
    });
  }

  async #copy(step: Placed<CopyStep>): Promise<void> {
    const { plan, vertex, createdBy } = step;
    const copy = await prepareCopy(this.#work, plan).catch(async (error: unknown) => {
      const told = error instanceof MissingSourceError ? new InvalidArgumentError(`failed to compute cache key: ${error.reason}`) : error;
      await vertex.start();
      await vertex.complete(messageOf(told));
      throw told;
    });
    try {
      const { keyword, destination, chown, chmod, from, parents, excludes, sources } = plan;
      const names = parents ? sources.map((source) => (source.kind === "path" ? source.name : "")) : [];
      const options = [destination, chown, chmod, from !== null, names, excludes];
      const key = keyOf([this.#key, keyword, copy.content, ...options, this.#work.epoch]);
      await this.#layer(step, { key, description: createdBy }, async (commit) => {
        await this.#writeLayer(commit, (root) => copy.write(root));
      });
    } finally {
      await copy.release();
    }
  }

  async #makeDirectory(step: Placed<DirectoryStep>): Promise<void> {
    const { host, epoch } = this.#work;
    const { path, user } = step;
    await this.#layer(step, { key: keyOf([this.#key, "workdir", path, user, epoch]), description: `mkdir ${path}` }, async (commit) => {
      await this.#writeLayer(commit, async (root) => {
        const place = await host.resolve(root, path, { followLast: true });
        if (place.exists && !place.isDirectory) throw new InvalidArgumentError(`mkdir ${path}: not a directory`);
        await makeDirectories(host.kernel, place.path, user === "" ? null : await host.owner(root, user));
      });
    });
  }

  async #writeLayer(commit: (snapshot: string) => Promise<void>, write: (root: string) => Promise<void>): Promise<void> {
    const layer = await this.#work.host.layer(this.#layers?.chainId ?? null);
    try {
      await write(layer.path);
      await layer.release();
      await commit(layer.key);
    } finally {
      await layer.remove();
    }
  }

  async #layer(
    step: Placed<RunStep | CopyStep | DirectoryStep>,
    { key, description }: { readonly key: string; readonly description: string },
    make: (commit: (snapshot: string) => Promise<void>) => Promise<void>,
  ): Promise<void> {
    const before = this.#layers?.config.rootfs.diff_ids ?? [];
    const { vertex } = step;
    this.#layers = await this.#work.steps.run({ vertex, key, description, parent: this.#layers, usesCache: this.#usesCache, make });
    // A step without changes adds no layer.
    const isEmpty = chainIdOf(before) === this.#layers.chainId;
    this.#key = key;
    this.#created = this.#layers.config.created ?? "";
    this.#history.push({ ...this.#entry(step), ...(isEmpty && { empty_layer: true }) });
  }

  #entry({ createdBy, author }: PlannedStep): HistoryEntry {
    return {
      created: this.#work.epochTime ?? (this.#created || this.#work.startedAt),
      created_by: createdBy,
      comment: "buildkit.dockerfile.v0",
      ...(author !== "" && { author }),
    };
  }
}
