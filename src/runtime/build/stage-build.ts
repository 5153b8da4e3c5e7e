import { InvalidArgumentError, NotImplementedError } from "../../base/errors.ts";
import { randomId, shortId } from "../../base/ids.ts";
import type { BuildOptions } from "../../docker/api/engine.ts";
import type { ImageRunConfig } from "../../oci/image-config.ts";
import { configInstructions, execOrShell, lookupIn, type Draft } from "../../oci/dockerfile/config-instructions.ts";
import { processWord, type Lookup } from "../../oci/dockerfile/process-word.ts";
import type { Image } from "../images/images.ts";
import type { StageArgs } from "./build-args.ts";
import type { BuildCache } from "./build-cache.ts";
import type { BuildHost, Tree } from "./build-host.ts";
import { copyWords } from "./check-command.ts";
import { makeDirectories } from "./copy-files.ts";
import { planCopy } from "./copy-plan.ts";
import { prepareCopy } from "./copy-step.ts";
import type { Command } from "./command.ts";
import type { Emit } from "./messages.ts";
import { runInContainer } from "./run-step.ts";
import { copiedImage } from "./source-image.ts";
import { StageConfig } from "./stage-config.ts";

/** A stage that was built, or an image to begin from. */
export interface FinishedStage {
  /** In small letters, empty for none. */
  readonly name: string;
  readonly image: Image | null;
  readonly config: ImageRunConfig;
  /** A stage of this build: its triggers are for others. */
  readonly fromStage?: boolean;
}

export interface StageWork {
  readonly host: BuildHost;
  readonly options: BuildOptions;
  readonly emit: Emit;
  readonly signal: AbortSignal;
  readonly cache: BuildCache;
  readonly buildArgs: StageArgs;
  readonly escape: string;
  readonly finished: readonly FinishedStage[];
  /** Where the context is. */
  readonly contextRoot: string;
  /** For this build's own files. */
  readonly folder: string;
}

/** One stage on its way: its last image, and the configuration of the next. */
export class StageBuild {
  image: Image | null;
  readonly config: Draft;
  readonly #stage: StageConfig;
  readonly #work: StageWork;
  #author = "";

  constructor(work: StageWork, base: FinishedStage) {
    this.#work = work;
    this.image = base.image;
    this.#stage = new StageConfig(base.config);
    this.config = this.#stage.draft;
  }

  /** The base image's ONBUILD instructions, which are not the new image's. */
  async runTriggers(): Promise<void> {
    const triggers = this.#stage.takeTriggers();
    if (triggers.length === 0) return;
    const count = `${triggers.length} build trigger${triggers.length === 1 ? "" : "s"}`;
    await this.#work.emit({ stream: `# Executing ${count}` });
    await this.#work.emit({ stream: "\n" });
    for (const trigger of triggers) {
      this.#work.signal.throwIfAborted();
      await this.run(trigger);
    }
  }

  /** One instruction. */
  async run(command: Command): Promise<void> {
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
        return await this.#settle(`MAINTAINER ${this.#author}`);
      case "ARG":
        this.#work.buildArgs.declare(command.text, this.#lookup, this.#work.escape);
        return await this.#settle(`ARG ${command.text}`);
      default:
        return await this.#configure(command);
    }
  }

  /** A label that the client gave. */
  async label(key: string, value: string): Promise<void> {
    this.config.Labels = { ...this.config.Labels, [key]: value };
    await this.#settle(`LABEL ${key}=${value}`);
  }

  readonly #lookup: Lookup = (name) => lookupIn(this.config.Env)(name) ?? this.#work.buildArgs.lookup(name);

  #expand(text: string): string {
    return processWord(text, this.#lookup, this.#work.escape);
  }

  async #configure(command: Command): Promise<void> {
    // History shows what variables were before this instruction, and the shell that it replaces is not yet in it.
    const lookup = lookupIn(this.#lookupTable());
    const { escape, host } = this.#work;
    const { text } = this.#stage.change(command, { lookup, escape, host });
    await this.#settle(text);
  }

  /** The variables as they are now. */
  #lookupTable(): readonly string[] {
    const env = this.config.Env ?? [];
    return [...env, ...this.#work.buildArgs.assignments(env)];
  }

  /** An image that differs in its configuration only. */
  async #settle(text: string): Promise<void> {
    const createdBy = `${this.#shell()} #(nop)  ${text}`;
    if (await this.#reuse(createdBy)) return;
    const id = randomId();
    await this.#announce(id);
    await this.#commit(null, createdBy);
    await this.#work.emit({ stream: `Removing intermediate container ${shortId(id)}\n` });
  }

  async #workingDirectory(command: Command): Promise<void> {
    const { host, emit, escape } = this.#work;
    configInstructions["WORKDIR"]?.(this.config, { text: command.text, lookup: this.#lookup, escape });
    const path = this.config.WorkingDir ?? "/";
    const createdBy = `${this.#shell()} #(nop) WORKDIR ${path}`;
    if (await this.#reuse(createdBy)) return;
    const layer = await host.layer(this.image?.chainId ?? null);
    try {
      await this.#announce(layer.key);
      const place = await host.resolve(layer.path, path, { followLast: true });
      if (place.exists && !place.isDirectory) throw new InvalidArgumentError(`Cannot mkdir: ${path} is not a directory`);
      await makeDirectories(host.kernel, place.path, null);
      await layer.release();
      await this.#commit(layer.key, createdBy);
      await emit({ stream: `Removing intermediate container ${shortId(layer.key)}\n` });
    } finally {
      await layer.remove();
    }
  }

  async #copy(command: Command): Promise<void> {
    const { host, escape, contextRoot, folder, signal } = this.#work;
    const { keyword, flags, excludes } = command;
    const newer = ["chmod", "link", "parents", "checksum", "keep-git-dir"].find((name) => flags.has(name));
    if (newer !== undefined || excludes.length > 0) throw requiresBuildKit(newer ?? "exclude");
    const plan = planCopy(command, { lookup: this.#lookup, escape, workingDir: this.config.WorkingDir ?? "" });
    const missing = `${keyword} failed: stat ${copyWords(command.text)[0]}: file does not exist`;
    const copy = await prepareCopy(
      { host, contextRoot, folder, signal, openFrom: async (from) => await this.#openFrom(from, missing) },
      plan,
    );
    try {
      const { chown, words } = plan;
      // No space behind it: so has dockerd's history.
      const settings = chown === "" ? "" : `--chown=${chown}`;
      const createdBy = `${this.#shell()} #(nop) ${keyword} ${settings}${copy.content} in ${words.at(-1)} `;
      if (await this.#reuse(createdBy)) return;
      const layer = await host.layer(this.image?.chainId ?? null);
      try {
        await copy.write(layer.path);
        await layer.release();
        await this.#commit(layer.key, createdBy);
      } finally {
        await layer.remove();
      }
    } finally {
      await copy.release();
    }
  }

  async #openFrom(from: string, missing: string): Promise<Tree> {
    const image = await copiedImage(this.#work, from);
    if (!image?.chainId) throw new InvalidArgumentError(missing);
    return await this.#work.host.view(image.chainId);
  }

  async #run({ text, flags, mounts }: Command): Promise<void> {
    const newer = ["network", "security"].find((name) => flags.has(name));
    if (mounts.length > 0 || newer !== undefined) throw requiresBuildKit(newer ?? "mount");
    const env = this.config.Env ?? [];
    const command = execOrShell(this.config, text);
    const args = this.#work.buildArgs.assignments(env);
    const createdBy = `${args.length > 0 ? `|${args.length} ${args.join(" ")} ` : ""}${command.join(" ")}`;
    if (await this.#reuse(createdBy)) return;
    // A container is of an image; `scratch` is none.
    const image = this.image ?? (await this.#commitEmpty());
    await runInContainer(this.#work, {
      image,
      config: { ...this.config, Env: [...env, ...args, ...this.#work.buildArgs.proxies()] },
      command,
      announce: (id) => this.#announce(id),
      commit: (id) => this.#commit(id, createdBy),
    });
  }

  async #announce(id: string): Promise<void> {
    await this.#work.emit({ stream: ` ---> Running in ${shortId(id)}\n` });
  }

  async #reuse(createdBy: string): Promise<boolean> {
    const found = this.#work.cache.find(this.image, createdBy, this.config);
    if (!found) return false;
    this.image = found;
    await this.#work.emit({ stream: " ---> Using cache\n" });
    return true;
  }

  async #commitEmpty(): Promise<Image> {
    await this.#commit(null, "");
    if (!this.image) throw new InvalidArgumentError("No image was generated. Is your Dockerfile empty?");
    return this.image;
  }

  async #commit(snapshot: string | null, createdBy: string): Promise<void> {
    const { host, cache } = this.#work;
    this.image = await host.images.commit({
      snapshot,
      parent: this.image,
      containerId: "",
      config: { ...this.config },
      history: { created: host.now(), created_by: createdBy, ...(this.#author !== "" && { author: this.#author }) },
      author: this.#author,
      repo: "",
      tag: "",
    });
    cache.add(this.image);
  }

  #shell(): string {
    return (this.config.Shell ?? ["/bin/sh", "-c"]).join(" ");
  }
}

function requiresBuildKit(option: string): NotImplementedError {
  return new NotImplementedError(
    `the --${option} option requires BuildKit. Refer to https://docs.docker.com/go/buildkit/ to learn how to build images with BuildKit enabled`,
  );
}
