import { InvalidArgumentError, messageOf } from "../../../base/errors.ts";
import { processWord } from "../../../oci/dockerfile/process-word.ts";
import { canonicalString, parseReference, withDefaultTag } from "../../../oci/reference.ts";
import type { Image } from "../../images/images.ts";
import type { Tree } from "../build-host.ts";
import { LocatedError } from "../command.ts";
import type { Dockerfile, Stage } from "../dockerfile.ts";
import { imageNamed } from "../source-image.ts";
import { StageConfig } from "../stage-config.ts";
import { checkStages } from "./check-stages.ts";
import { keyOf } from "./layer-step.ts";
import type { SolvedStage, SolveWork } from "./solve-work.ts";
import { countSteps, findStage, needsOf, wantedStage } from "./stage-needs.ts";
import { StageScope } from "./stage-scope.ts";
import { StageSolver } from "./stage-solver.ts";
import { stepCount } from "./step-title.ts";

/** The stages of a Dockerfile, each solved once, when it is first needed. */
export class StageGraph {
  readonly #work: SolveWork;
  readonly #stages: readonly Stage[];
  readonly #solving = new Map<number, Promise<SolvedStage>>();
  readonly #images = new Map<string, Promise<Image>>();

  readonly #stop = new AbortController();
  #failure: unknown = null;

  constructor(work: Omit<SolveWork, "openFrom">, dockerfile: Dockerfile) {
    const signal = AbortSignal.any([work.signal, this.#stop.signal]);
    this.#work = { ...work, signal, openFrom: (name) => this.#openFrom(name) };
    this.#stages = dockerfile.stages;
  }

  /** Solves the target and all that it needs. One stage's failure ends the others; they are over when it is thrown. */
  async solveTarget(target: string): Promise<SolvedStage> {
    const index = wantedStage(this.#stages, target);
    checkStages(this.#stages);
    for (const at of this.#stages.keys()) this.#refuseCircles(at);
    try {
      return await this.#solve(index);
    } catch (error) {
      await Promise.allSettled(this.#solving.values());
      throw this.#failure ?? error;
    }
  }

  #solve(index: number): Promise<SolvedStage> {
    const known = this.#solving.get(index);
    if (known) return known;
    const solving = this.#solveStage(index);
    solving.catch((error: unknown) => {
      this.#failure ??= error;
      this.#stop.abort(new Error("context canceled"));
    });
    this.#solving.set(index, solving);
    return solving;
  }

  async #solveStage(index: number): Promise<SolvedStage> {
    const stage = this.#stages[index];
    if (!stage) throw new InvalidArgumentError(`invalid stage index ${index}`);
    // All that this stage needs begins now; it waits where it uses it.
    for (const other of this.#needs(index)) void this.#solve(other).catch(() => undefined);
    const { from: command, commands } = stage;
    const name = this.#stages.length === 1 ? "" : stage.name || `stage-${index}`;
    const expand = (word: string): string => processWord(word, this.#work.buildArgs.lookupMeta, this.#work.escape);
    const steps = countSteps(commands);
    const usesCache = !this.#work.options.noCacheFilter.some((one) => findStage(this.#stages, one) === index);
    let solver: StageSolver;
    let before = -1;
    try {
      const base = expand(stage.base);
      if (base === "") throw new InvalidArgumentError(`base name (${stage.base}) should not be blank`);
      before = this.#stages.findIndex((other, at) => at < index && other.name !== "" && other.name === base.toLowerCase());
      if (before >= 0)
        solver = new StageSolver(this.#work, this.#goingOn(await this.#solve(before)), { name, total: steps, done: 0, usesCache });
      else if (base === "scratch") solver = new StageSolver(this.#work, this.#scratch(), { name, total: steps, done: 0, usesCache });
      else {
        const platform = expand(command.flags.get("platform") ?? "") || this.#work.options.platform;
        const label = `[${name === "" ? "" : `${name} `}${stepCount(1, steps + 1)}] FROM ${canonicalString(stageReference(base))}`;
        const image = await this.#image(base, platform, label);
        solver = new StageSolver(this.#work, this.#ofImage(image), { name, total: steps + 1, done: 1, usesCache });
      }
    } catch (error) {
      if (error instanceof LocatedError || this.#work.signal.aborted) throw error;
      throw new LocatedError(messageOf(error), { start: command.line, end: command.endLine }, { cause: error });
    }
    // A stage's own triggers are for others.
    if (before < 0)
      for (const trigger of solver.takeTriggers()) await solver.run({ ...trigger, line: command.line, endLine: command.endLine });
    for (const one of commands) await solver.run(one);
    return solver.solved;
  }

  #needs(index: number): readonly number[] {
    return needsOf(this.#stages, index, (word) => processWord(word, this.#work.buildArgs.lookupMeta, this.#work.escape));
  }

  #refuseCircles(index: number, path: readonly number[] = []): void {
    if (path.includes(index)) {
      const command = this.#stages[index]?.from;
      const place = { start: command?.line ?? 1, end: command?.endLine ?? 1 };
      throw new LocatedError(`circular dependency detected on stage: ${this.#stages[index]?.name || index}`, place);
    }
    for (const other of this.#needs(index)) this.#refuseCircles(other, [...path, index]);
  }

  #scratch(): SolvedStage {
    return {
      layers: null,
      config: { WorkingDir: "/" },
      history: [],
      author: "",
      scope: new StageScope(this.#work.buildArgs, { env: new StageConfig({}).draft.Env ?? [] }),
      key: keyOf(["scratch"]),
      created: "",
    };
  }

  /** Another stage on top of one: what it declares is no part of that one. */
  #goingOn(stage: SolvedStage): SolvedStage {
    return { ...stage, scope: new StageScope(this.#work.buildArgs, { env: stage.config.Env ?? [], scope: stage.scope }) };
  }

  #ofImage(image: Image): SolvedStage {
    const { config, history = [] } = image.config;
    return {
      layers: image,
      config: { ...config },
      history,
      author: "",
      scope: new StageScope(this.#work.buildArgs, { env: new StageConfig(config ?? {}).draft.Env ?? [] }),
      key: keyOf(["image", image.chainId]),
      created: image.config.created ?? "",
    };
  }

  /** An image that is here or is pulled; told of once. */
  async #image(name: string, platform: string, label: string): Promise<Image> {
    const key = `${name} ${platform}`;
    const known = this.#images.get(key);
    if (known) return await known;
    const { host, options, progress } = this.#work;
    const metadata = progress.vertex(`[internal] load metadata for ${canonicalString(withDefaultTag(parseReference(name)))}`);
    const finding = (async () => {
      const isHere = !options.pull && (await host.images.find(name)) !== null;
      const image = await metadata.run(async () => await imageNamed({ host, options, emit: async () => {} }, name, platform));
      const from = progress.vertex(label);
      if (isHere) await from.cached();
      else await from.run(async () => undefined);
      return image;
    })();
    this.#images.set(key, finding);
    return await finding;
  }

  async #openFrom(name: string): Promise<Tree> {
    const index = findStage(this.#stages, name);
    if (index === null && /^\d+$/.test(name)) throw new InvalidArgumentError(`invalid stage index ${name}`);
    const { options, host } = this.#work;
    const layers =
      index === null
        ? await this.#image(name, options.platform, `FROM ${canonicalString(withDefaultTag(parseReference(name)))}`)
        : (await this.#solve(index)).layers;
    if (layers?.chainId) return await host.view(layers.chainId);
    // `scratch`: an empty folder, which the build has anyway.
    const layer = await host.layer(null);
    return { path: layer.path, release: () => layer.remove() };
  }
}

function stageReference(name: string): ReturnType<typeof parseReference> {
  try {
    return withDefaultTag(parseReference(name));
  } catch (error) {
    throw new InvalidArgumentError(`failed to parse stage name ${JSON.stringify(name)}: ${messageOf(error)}`, { cause: error });
  }
}
