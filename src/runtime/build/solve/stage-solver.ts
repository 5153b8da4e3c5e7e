import { posix } from "node:path";
import { Cleanup } from "../../../base/cleanup.ts";
import { InvalidArgumentError, messageOf } from "../../../base/errors.ts";
import { chainIdOf } from "../../../oci/chain-id.ts";
import { configInstructions, execOrShell, type Draft } from "../../../oci/dockerfile/config-instructions.ts";
import { processWord } from "../../../oci/dockerfile/process-word.ts";
import type { HistoryEntry } from "../../../oci/image-config.ts";
import type { Image } from "../../images/images.ts";
import { LocatedError, type Command } from "../command.ts";
import { makeDirectories } from "../copy-files.ts";
import { MissingSourceError } from "../copy-sources.ts";
import { prepareCopy } from "../copy-step.ts";
import { StageConfig } from "../stage-config.ts";
import { keyOf } from "./layer-step.ts";
import { mountsKey, prepareMounts } from "./mount-world.ts";
import type { Vertex } from "./progress.ts";
import { networkOf, runCommand } from "./run-command.ts";
import { parseRunMount } from "./run-mount.ts";
import type { SolvedStage, SolveWork } from "./solve-work.ts";
import type { StageScope } from "./stage-scope.ts";
import { stepCount, stepTitle } from "./step-title.ts";

/** What the steps of a stage are called by, how many there are, and how many before it begins. */
interface StagePrefix {
  readonly name: string;
  readonly total: number;
  readonly done: number;
  readonly usesCache: boolean;
}

/** Builds one stage on what it is from. */
export class StageSolver {
  #layers: Image | null;
  #key: string;
  #author: string;
  #created: string;
  #step: number;
  readonly #stage: StageConfig;
  readonly #config: Draft;
  readonly #history: HistoryEntry[];
  readonly #scope: StageScope;
  readonly #work: SolveWork;
  readonly #usesCache: boolean;
  readonly #prefix: { readonly name: string; readonly total: number };

  constructor(work: SolveWork, from: SolvedStage, prefix: StagePrefix) {
    this.#work = work;
    this.#layers = from.layers;
    this.#key = from.key;
    this.#author = from.author;
    this.#created = from.created;
    this.#stage = new StageConfig(from.config);
    this.#config = this.#stage.draft;
    this.#history = [...from.history];
    this.#scope = from.scope;
    this.#prefix = prefix;
    this.#usesCache = prefix.usesCache;
    this.#step = prefix.done;
  }

  get solved(): SolvedStage {
    return {
      layers: this.#layers,
      config: this.#config,
      history: this.#history,
      author: this.#author,
      scope: this.#scope,
      key: this.#key,
      created: this.#created,
    };
  }

  /** The base image's ONBUILD instructions, which are not the new image's. */
  takeTriggers(): readonly Command[] {
    return this.#stage.takeTriggers();
  }

  async run(command: Command): Promise<void> {
    this.#work.signal.throwIfAborted();
    try {
      await this.#dispatch(command);
    } catch (error) {
      if (error instanceof LocatedError || this.#work.signal.aborted) throw error;
      throw new LocatedError(messageOf(error), { start: command.line, end: command.endLine }, { cause: error });
    }
  }

  async #dispatch(command: Command): Promise<void> {
    switch (command.keyword) {
      case "RUN":
        return await this.#run(command);
      case "COPY":
      case "ADD":
        return await this.#copy(command);
      case "WORKDIR":
        return await this.#workingDirectory(command);
      case "MAINTAINER":
        this.#author = this.#expand(command.text);
        return this.#tell(`MAINTAINER ${this.#author}`);
      case "ARG":
        return this.#tell(this.#scope.declare(command.text, this.#work.escape));
      default:
        return this.#configure(command);
    }
  }

  #expand(text: string): string {
    return processWord(text, this.#scope.lookup, this.#work.escape);
  }

  #configure(command: Command): void {
    const { escape, host } = this.#work;
    const { text, ports } = this.#stage.change(command, { lookup: this.#scope.lookup, escape, host });
    if (command.keyword === "ENV") this.#scope.setEnv(command.text, escape);
    if (command.keyword === "EXPOSE") this.#tell(`EXPOSE map[${sorted(ports).join(" ")}]`);
    // Triggers have no line of history.
    else if (command.keyword !== "ONBUILD") this.#tell(text);
  }

  async #run(command: Command): Promise<void> {
    const { host, options, signal, escape } = this.#work;
    const { WorkingDir: workingDir = "/", User: user = "", Shell: shell } = this.#config;
    const env = this.#scope.env();
    const script = command.scriptFile;
    const shellArgs = execOrShell({ ...(shell && { Shell: shell }) }, command.text);
    const args = script ? [`/dev/pipes/${script.name}`] : command.text === "" ? [...shellArgs, ""] : shellArgs;
    const wanted = command.mounts.map((text) => parseRunMount(processWord(text, this.#scope.lookup, escape), workingDir));
    const networkMode = networkOf(command.flags.get("network") ?? "") || (options.networkMode === "default" ? "" : options.networkMode);
    const vertex = this.#vertex(command);
    const description = `mount / from exec ${args.join(" ")}`;
    const declared = this.#scope.args();
    const createdBy = `RUN ${declared.length > 0 ? `|${declared.length} ${declared.join(" ")} ` : ""}${args.join(" ")} # buildkit`;
    const around = { ...this.#work, secret: options.secret };
    if (wanted.some(({ type, from }) => type === "bind" && from === "")) await this.#work.useContext();
    const key = keyOf([
      this.#key,
      "run",
      args,
      script?.content ?? "",
      env,
      workingDir,
      user,
      networkMode,
      options.hostConfig,
      await mountsKey(around, wanted),
      this.#work.epoch,
    ]);
    await this.#layer(vertex, { key, description, createdBy }, async (commit) => {
      await using cleanup = new Cleanup();
      const { mounts, env: secrets } = await prepareMounts(around, wanted, script, cleanup);
      const image = this.#layers ?? (await this.#work.steps.empty());
      const all = [...env, ...this.#scope.proxies(), ...secrets];
      const order = { image, config: this.#config, env: all, args, mounts, networkMode, hostConfig: options.hostConfig, vertex, signal };
      await runCommand(host, order, commit);
    });
  }

  async #copy(command: Command): Promise<void> {
    const { host, escape, contextRoot, folder, signal, openFrom, useContext, epoch } = this.#work;
    const vertex = this.#vertex(command);
    const workingDir = this.#config.WorkingDir ?? "/";
    const copy = await prepareCopy(
      { host, escape, contextRoot, folder, signal, lookup: this.#scope.lookup, workingDir, openFrom, useContext },
      command,
    ).catch(async (error: unknown) => {
      const told = error instanceof MissingSourceError ? new InvalidArgumentError(`failed to compute cache key: ${error.reason}`) : error;
      await vertex.start();
      await vertex.complete(messageOf(told));
      throw told;
    });
    try {
      const { chown, chmod, content, words, destination } = copy;
      const link = command.flags.has("link") && command.flags.get("link") !== "false" ? " --link" : "";
      const createdBy = `${command.keyword}${chown === "" ? "" : ` --chown=${chown}`}${chmod === "" ? "" : ` --chmod=${chmod}`}${link} ${words.join(" ")} # buildkit`;
      const key = keyOf([this.#key, command.keyword, content, destination, chown, chmod, command.flags.has("from"), epoch]);
      await this.#layer(vertex, { key, description: createdBy, createdBy }, async (commit) => {
        await this.#writeLayer(commit, (root) => copy.write(root));
      });
    } finally {
      await copy.release();
    }
  }

  async #workingDirectory(command: Command): Promise<void> {
    const { host, escape, epoch } = this.#work;
    configInstructions["WORKDIR"]?.(this.#config, { text: command.text, lookup: this.#scope.lookup, escape });
    const path = posix.normalize(this.#config.WorkingDir ?? "/");
    if (path === "/") return this.#tell("WORKDIR /");
    const vertex = this.#vertex(command);
    const user = this.#config.User ?? "";
    const step = { key: keyOf([this.#key, "workdir", path, user, epoch]), description: `mkdir ${path}`, createdBy: `WORKDIR ${path}` };
    await this.#layer(vertex, step, async (commit) => {
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
    vertex: Vertex,
    { key, description, createdBy }: { readonly key: string; readonly description: string; readonly createdBy: string },
    make: (commit: (snapshot: string) => Promise<void>) => Promise<void>,
  ): Promise<void> {
    const before = this.#layers?.config.rootfs.diff_ids ?? [];
    this.#layers = await this.#work.steps.run({ vertex, key, description, parent: this.#layers, usesCache: this.#usesCache, make });
    // A step without changes adds no layer.
    const isEmpty = chainIdOf(before) === this.#layers.chainId;
    this.#key = key;
    this.#created = this.#layers.config.created ?? "";
    this.#history.push({ ...this.#entry(createdBy), ...(isEmpty && { empty_layer: true }) });
  }

  #tell(createdBy: string): void {
    this.#history.push({ ...this.#entry(createdBy), empty_layer: true });
  }

  #entry(createdBy: string): HistoryEntry {
    return {
      created: this.#work.epochTime ?? (this.#created || this.#work.startedAt),
      created_by: createdBy,
      comment: "buildkit.dockerfile.v0",
      ...(this.#author !== "" && { author: this.#author }),
    };
  }

  #vertex(command: Command): Vertex {
    this.#step += 1;
    const { name, total } = this.#prefix;
    return this.#work.progress.vertex(
      `[${name === "" ? "" : `${name} `}${stepCount(this.#step, total)}] ${stepTitle(command, this.#scope.lookup, this.#work.escape)}`,
    );
  }
}

function sorted(ports: readonly string[]): readonly string[] {
  return ports.toSorted((a, b) => (a < b ? -1 : 1)).map((port) => `${port}:{}`);
}
