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
import type { SolvedLayers, SolvedStage, SolveWork } from "./solve-work.ts";
import { StagePlan, type PlanBase } from "./stage-plan.ts";
import { countSteps, findStage, needsOf, wantedStage } from "./stage-needs.ts";
import { StageScope } from "./stage-scope.ts";
import { StageSolver } from "./stage-solver.ts";
import { stepCount } from "./step-title.ts";

/** What a stage is going to do, on another stage by its number, on an image, or on nothing. */
interface PlannedStage {
  readonly plan: StagePlan;
  readonly base: number | Image | null;
}

/** The stages of a Dockerfile, each planned before any is solved, and solved once, when it is first needed. */
export class StageGraph {
  readonly #work: SolveWork;
  readonly #stages: readonly Stage[];
  readonly #planning = new Map<number, Promise<PlannedStage>>();
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
      // All that is needed is planned before anything is done.
      await Promise.all(this.#allNeeds(index).map((at) => this.#planned(at)));
      return await this.#solve(index);
    } catch (error) {
      await Promise.allSettled([...this.#planning.values(), ...this.#solving.values()]);
      throw this.#failure ?? error;
    }
  }

  /** The first failure ends everything else. */
  #watch<T>(work: Promise<T>): Promise<T> {
    work.catch((error: unknown) => {
      this.#failure ??= error;
      this.#stop.abort(new Error("context canceled"));
    });
    return work;
  }

  #planned(index: number): Promise<PlannedStage> {
    const planning = this.#planning.get(index) ?? this.#watch(this.#planStage(index));
    this.#planning.set(index, planning);
    return planning;
  }

  #solve(index: number): Promise<SolvedStage> {
    const solving = this.#solving.get(index) ?? this.#watch(this.#solveStage(index));
    this.#solving.set(index, solving);
    return solving;
  }

  async #planStage(index: number): Promise<PlannedStage> {
    const stage = this.#stages[index];
    if (!stage) throw new InvalidArgumentError(`invalid stage index ${index}`);
    const { from: command, commands } = stage;
    const name = this.#stages.length === 1 ? "" : stage.name || `stage-${index}`;
    const steps = countSteps(commands);
    let plan: StagePlan;
    let base: PlannedStage["base"];
    try {
      base = await this.#baseOf(index, stage, { name, steps });
      const done = typeof base !== "number" && base !== null ? 1 : 0;
      plan = new StagePlan(this.#work, await this.#planBase(base), { name, total: steps + done, done });
    } catch (error) {
      if (error instanceof LocatedError || this.#work.signal.aborted) throw error;
      throw new LocatedError(messageOf(error), { start: command.line, end: command.endLine }, { cause: error });
    }
    // A stage's own triggers are for others.
    if (typeof base !== "number")
      for (const trigger of plan.takeTriggers()) plan.add({ ...trigger, line: command.line, endLine: command.endLine });
    for (const one of commands) plan.add(one);
    return { plan, base };
  }

  /** What FROM names: another stage, an image, or null for `scratch`. */
  async #baseOf(
    index: number,
    stage: Stage,
    { name, steps }: { readonly name: string; readonly steps: number },
  ): Promise<number | Image | null> {
    const expand = (word: string): string => processWord(word, this.#work.buildArgs.lookupMeta, this.#work.escape);
    const base = expand(stage.base);
    if (base === "") throw new InvalidArgumentError(`base name (${stage.base}) should not be blank`);
    const before = this.#stages.findIndex((other, at) => at < index && other.name !== "" && other.name === base.toLowerCase());
    if (before >= 0) return before;
    if (base === "scratch") return null;
    const platform = expand(stage.from.flags.get("platform") ?? "") || this.#work.options.platform;
    const label = `[${name === "" ? "" : `${name} `}${stepCount(1, steps + 1)}] FROM ${canonicalString(stageReference(base))}`;
    return await this.#image(base, platform, label);
  }

  async #planBase(base: PlannedStage["base"]): Promise<PlanBase> {
    const { buildArgs } = this.#work;
    if (typeof base === "number") {
      const { config, author, scope } = (await this.#planned(base)).plan.planned;
      // What a stage on top of it declares is no part of it.
      return { config, author, scope: new StageScope(buildArgs, { env: config.Env ?? [], scope }) };
    }
    const config = base === null ? { WorkingDir: "/" } : { ...base.config.config };
    return { config, author: "", scope: new StageScope(buildArgs, { env: new StageConfig(config).draft.Env ?? [] }) };
  }

  async #solveStage(index: number): Promise<SolvedStage> {
    // All that this stage needs begins now; it waits where it uses it.
    for (const other of this.#needs(index)) void this.#solve(other).catch(() => undefined);
    const { plan, base } = await this.#planned(index);
    const usesCache = !this.#work.options.noCacheFilter.some((one) => findStage(this.#stages, one) === index);
    const from = typeof base === "number" ? await this.#solve(base) : layersOf(base);
    const solver = new StageSolver(this.#work, from, { usesCache });
    for (const step of plan.steps) await solver.run(step);
    const { config, author } = plan.planned;
    return { ...solver.solved, config, author };
  }

  #allNeeds(index: number, found = new Set<number>()): readonly number[] {
    if (!found.has(index)) {
      found.add(index);
      for (const other of this.#needs(index)) this.#allNeeds(other, found);
    }
    return [...found];
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

function layersOf(image: Image | null): SolvedLayers {
  if (image === null) return { layers: null, history: [], key: keyOf(["scratch"]), created: "" };
  const { history = [], created = "" } = image.config;
  return { layers: image, history, key: keyOf(["image", image.chainId]), created };
}

function stageReference(name: string): ReturnType<typeof parseReference> {
  try {
    return withDefaultTag(parseReference(name));
  } catch (error) {
    throw new InvalidArgumentError(`failed to parse stage name ${JSON.stringify(name)}: ${messageOf(error)}`, { cause: error });
  }
}
