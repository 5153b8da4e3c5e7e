import { posix } from "node:path";
import { Cleanup } from "../../../base/cleanup.ts";
import { InvalidArgumentError, messageOf } from "../../../base/errors.ts";
import { chainIdOf } from "../../../oci/chain-id.ts";
import { configInstructions, execOrShell, lookupIn, type Draft } from "../../../oci/dockerfile/config-instructions.ts";
import { processWord, type Lookup } from "../../../oci/dockerfile/process-word.ts";
import type { HistoryEntry } from "../../../oci/image-config.ts";
import type { Image } from "../../images/images.ts";
import type { StageArgs } from "../build-args.ts";
import { LocatedError, type Command } from "../command.ts";
import { makeDirectories } from "../copy-files.ts";
import { MissingSourceError } from "../copy-sources.ts";
import { prepareCopy } from "../copy-step.ts";
import { parseTrigger } from "../dockerfile.ts";
import { historyText } from "../history-text.ts";
import { keyOf } from "./layer-step.ts";
import { mountsKey, prepareMounts } from "./mount-world.ts";
import type { Vertex } from "./progress.ts";
import { networkOf, runCommand } from "./run-command.ts";
import { parseRunMount } from "./run-mount.ts";
import type { SolvedStage, SolveWork } from "./solve-work.ts";
import { stepTitle } from "./step-title.ts";

const defaultPath = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
/** Builds one stage on what it is from. `prefix` is what its steps are called by, and how many there are. */
export class StageSolver {
  #layers: Image | null;
  #key: string;
  #author: string;
  #created: string;
  #cmdWasSet = false;
  #step: number;
  readonly #config: Draft;
  readonly #history: HistoryEntry[];
  readonly #args: StageArgs;
  readonly #work: SolveWork;
  readonly #prefix: { readonly name: string; readonly total: number };

  constructor(work: SolveWork, from: SolvedStage, prefix: { readonly name: string; readonly total: number; readonly done: number }) {
    this.#work = work;
    this.#layers = from.layers;
    this.#key = from.key;
    this.#author = from.author;
    this.#created = from.created;
    this.#config = { ...from.config };
    this.#history = [...from.history];
    this.#args = work.buildArgs.stage(from.args);
    this.#prefix = prefix;
    this.#step = prefix.done;
    if (lookupIn(this.#config.Env)("PATH") === undefined) this.#config.Env = [...(this.#config.Env ?? []), defaultPath];
  }

  get solved(): SolvedStage {
    return {
      layers: this.#layers,
      config: this.#config,
      history: this.#history,
      author: this.#author,
      args: this.#args,
      key: this.#key,
      created: this.#created,
    };
  }

  /** The base image's ONBUILD instructions, which are not the new image's. */
  takeTriggers(): readonly Command[] {
    const triggers = this.#config.OnBuild ?? [];
    delete this.#config.OnBuild;
    return triggers.map(parseTrigger);
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
        this.#args.declare(command.text, this.#lookup, this.#work.escape);
        return this.#tell(`ARG ${command.text}`);
      default:
        return this.#configure(command);
    }
  }

  readonly #lookup: Lookup = (name) => lookupIn(this.#config.Env)(name) ?? this.#args.lookup(name);

  #expand(text: string): string {
    return processWord(text, this.#lookup, this.#work.escape);
  }

  #configure(command: Command): void {
    const { keyword, text } = command;
    const { escape } = this.#work;
    // Variables of one instruction are those from before it.
    const before = [...(this.#config.Env ?? []), ...this.#args.assignments(this.#config.Env ?? [])];
    const lookup = lookupIn(before);
    const exposed = this.#config.ExposedPorts;
    if (keyword === "EXPOSE") this.#config.ExposedPorts = {};
    configInstructions[keyword]?.(this.#config, { text, lookup, escape });
    const ports = Object.keys(this.#config.ExposedPorts ?? {})
      .toSorted((a, b) => (a < b ? -1 : 1))
      .map((port) => `${port}:{}`);
    if (exposed) this.#config.ExposedPorts = { ...exposed, ...this.#config.ExposedPorts };
    if (keyword === "STOPSIGNAL") this.#work.host.checkSignal(this.#config.StopSignal ?? "");
    if (keyword === "CMD") this.#cmdWasSet = true;
    // The command of the base image was meant for its own entrypoint.
    if (keyword === "ENTRYPOINT" && !this.#cmdWasSet) this.#config.Cmd = null;
    if (keyword === "EXPOSE") this.#tell(`EXPOSE map[${ports.join(" ")}]`);
    // Triggers have no line of history.
    else if (keyword !== "ONBUILD") this.#tell(historyText(command, this.#config, lookup, escape));
  }

  async #run(command: Command): Promise<void> {
    const { host, options, signal, escape } = this.#work;
    const { Env: env = [], WorkingDir: workingDir = "/", User: user = "", Shell: shell } = this.#config;
    const assignments = this.#args.assignments(env);
    const script = command.scriptFile;
    const args = script ? [`/dev/pipes/${script.name}`] : execOrShell({ ...(shell && { Shell: shell }) }, command.text);
    const wanted = command.mounts.map((text) => parseRunMount(processWord(text, this.#lookup, escape), workingDir));
    const networkMode = networkOf(command.flags.get("network") ?? "") || (options.networkMode === "default" ? "" : options.networkMode);
    const vertex = this.#vertex(command);
    const description = `mount / from exec ${args.join(" ")}`;
    const declared = this.#args.declared();
    const createdBy = `RUN ${declared.length > 0 ? `|${declared.length} ${declared.join(" ")} ` : ""}${args.join(" ")} # buildkit`;
    const around = { ...this.#work, secret: options.secret };
    const key = keyOf([
      this.#key,
      "run",
      args,
      script?.content ?? "",
      [...env, ...assignments],
      workingDir,
      user,
      networkMode,
      options.extraHosts,
      await mountsKey(around, wanted),
      this.#work.epoch,
    ]);
    await this.#layer(vertex, { key, description, createdBy }, async (commit) => {
      await using cleanup = new Cleanup();
      const { mounts, env: secrets } = await prepareMounts(around, wanted, script, cleanup);
      const image = this.#layers ?? (await this.#work.steps.empty());
      const all = [...env, ...assignments, ...this.#args.proxies(), ...secrets];
      const order = { image, config: this.#config, env: all, args, mounts, networkMode, extraHosts: options.extraHosts, vertex, signal };
      await runCommand(host, order, commit);
    });
  }

  async #copy(command: Command): Promise<void> {
    const { host, escape, contextRoot, folder, signal, openFrom, epoch } = this.#work;
    const vertex = this.#vertex(command);
    const workingDir = this.#config.WorkingDir ?? "/";
    const copy = await prepareCopy(
      { host, escape, contextRoot, folder, signal, lookup: this.#lookup, workingDir, openFrom },
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
    const vertex = this.#vertex(command);
    configInstructions["WORKDIR"]?.(this.#config, { text: command.text, lookup: this.#lookup, escape });
    const path = posix.normalize(this.#config.WorkingDir ?? "/");
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
    this.#layers = await this.#work.steps.run({ vertex, key, description, parent: this.#layers, make });
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
    return this.#work.progress.vertex(`[${name === "" ? "" : `${name} `}${this.#step}/${total}] ${stepTitle(command, this.#lookup)}`);
  }
}
