import { posix } from "node:path";
import { messageOf } from "../../../base/errors.ts";
import { configInstructions, execOrShell, type Draft } from "../../../oci/dockerfile/config-instructions.ts";
import { processWord } from "../../../oci/dockerfile/process-word.ts";
import { LocatedError, type Command } from "../command.ts";
import { planCopy } from "../copy-plan.ts";
import { StageConfig } from "../stage-config.ts";
import type { PlannedStep, RunStep } from "./planned-step.ts";
import type { Vertex } from "./progress.ts";
import { networkOf } from "./run-command.ts";
import { parseRunMount } from "./run-mount.ts";
import type { SolveWork } from "./solve-work.ts";
import type { StageScope } from "./stage-scope.ts";
import { stepCount, stepTitle } from "./step-title.ts";

/** What a stage goes on from, as far as it is known before anything is done. */
export interface PlanBase {
  readonly config: Draft;
  readonly author: string;
  readonly scope: StageScope;
}

/** What the steps of a stage are called by, how many there are, and how many before it begins. */
export interface StagePrefix {
  readonly name: string;
  readonly total: number;
  readonly done: number;
}

/**
 * Decides what a stage does before any stage does anything, as BuildKit does: variables are expanded and the configuration is changed here, so
 * that what is wrong with any of it costs no step.
 */
export class StagePlan {
  readonly steps: PlannedStep[] = [];
  #author: string;
  #count: number;
  readonly #work: Pick<SolveWork, "host" | "options" | "progress" | "escape">;
  readonly #stage: StageConfig;
  readonly #scope: StageScope;
  readonly #prefix: StagePrefix;

  constructor(work: Pick<SolveWork, "host" | "options" | "progress" | "escape">, base: PlanBase, prefix: StagePrefix) {
    this.#work = work;
    this.#stage = new StageConfig(base.config);
    this.#author = base.author;
    this.#scope = base.scope;
    this.#prefix = prefix;
    this.#count = prefix.done;
  }

  /** What another stage goes on from, and the image has when it is done. */
  get planned(): PlanBase {
    return { config: this.#stage.draft, author: this.#author, scope: this.#scope };
  }

  /** The base image's ONBUILD instructions, which are not the new image's. */
  takeTriggers(): readonly Command[] {
    return this.#stage.takeTriggers();
  }

  /** Plans one instruction. @throws LocatedError */
  add(command: Command): void {
    try {
      this.#dispatch(command);
    } catch (error) {
      if (error instanceof LocatedError) throw error;
      throw new LocatedError(messageOf(error), { start: command.line, end: command.endLine }, { cause: error });
    }
  }

  #dispatch(command: Command): void {
    switch (command.keyword) {
      case "RUN":
        return this.#run(command);
      case "COPY":
      case "ADD":
        return this.#copy(command);
      case "WORKDIR":
        return this.#workingDirectory(command);
      case "MAINTAINER":
        this.#author = this.#expand(command.text);
        return this.#tell(command, `MAINTAINER ${this.#author}`);
      case "ARG":
        return this.#tell(command, this.#scope.declare(command.text, this.#work.escape));
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
    if (command.keyword === "EXPOSE") this.#tell(command, `EXPOSE map[${sorted(ports).join(" ")}]`);
    // Triggers have no line of history.
    else if (command.keyword !== "ONBUILD") this.#tell(command, text);
  }

  #run(command: Command): void {
    const { options } = this.#work;
    const { draft } = this.#stage;
    const { WorkingDir: workingDir = "/", Shell: shell } = draft;
    const script = command.scriptFile;
    const shellArgs = execOrShell({ ...(shell && { Shell: shell }) }, command.text);
    const args = script ? [`/dev/pipes/${script.name}`] : command.text === "" ? [...shellArgs, ""] : shellArgs;
    const declared = this.#scope.args();
    const step: RunStep = {
      kind: "run",
      args,
      script,
      config: { ...draft },
      env: this.#scope.env(),
      proxies: this.#scope.proxies(),
      mounts: command.mounts.map((text) => parseRunMount(this.#expand(text), workingDir)),
      networkMode: networkOf(command.flags.get("network") ?? "") || (options.networkMode === "default" ? "" : options.networkMode),
      vertex: this.#vertex(command),
    };
    this.#push(command, step, `RUN ${declared.length > 0 ? `|${declared.length} ${declared.join(" ")} ` : ""}${args.join(" ")} # buildkit`);
  }

  #copy(command: Command): void {
    const { escape } = this.#work;
    const { WorkingDir: workingDir = "/" } = this.#stage.draft;
    const plan = planCopy(command, { lookup: this.#scope.lookup, escape, workingDir });
    const { chown, chmod, link, parents, words } = plan;
    const settings = [
      ...(parents ? ["--parents"] : []),
      ...(chown === "" ? [] : [`--chown=${chown}`]),
      ...(chmod === "" ? [] : [`--chmod=${chmod}`]),
      ...(link ? ["--link"] : []),
    ];
    const createdBy = [command.keyword, ...settings, ...words, "# buildkit"].join(" ");
    this.#push(command, { kind: "copy", plan, vertex: this.#vertex(command) }, createdBy);
  }

  #workingDirectory(command: Command): void {
    const { draft } = this.#stage;
    configInstructions["WORKDIR"]?.(draft, { text: command.text, lookup: this.#scope.lookup, escape: this.#work.escape });
    const path = posix.normalize(draft.WorkingDir ?? "/");
    if (path === "/") return this.#tell(command, "WORKDIR /");
    this.#push(command, { kind: "directory", path, user: draft.User ?? "", vertex: this.#vertex(command) }, `WORKDIR ${path}`);
  }

  #tell(command: Command, createdBy: string): void {
    this.#push(command, { kind: "tell" }, createdBy);
  }

  #push<T>(command: Command, step: T, createdBy: string): void {
    const placed = { ...step, createdBy, author: this.#author, start: command.line, end: command.endLine };
    this.steps.push(placed as T & PlannedStep);
  }

  #vertex(command: Command): Vertex {
    this.#count += 1;
    const { name, total } = this.#prefix;
    return this.#work.progress.vertex(
      `[${name === "" ? "" : `${name} `}${stepCount(this.#count, total)}] ${stepTitle(command, this.#scope.lookup, this.#work.escape)}`,
    );
  }
}

function sorted(ports: readonly string[]): readonly string[] {
  return ports.toSorted((a, b) => (a < b ? -1 : 1)).map((port) => `${port}:{}`);
}
