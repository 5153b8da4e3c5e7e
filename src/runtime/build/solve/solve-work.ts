import type { BuildOptions } from "../../../docker/api/engine.ts";
import type { BuildArgs } from "../build-args.ts";
import type { BuildHost, Tree } from "../build-host.ts";
import type { LayerSteps } from "./layer-step.ts";
import type { Progress } from "./progress.ts";

/** What the stages of one build share. */
export interface SolveWork {
  readonly host: BuildHost;
  readonly options: BuildOptions;
  readonly signal: AbortSignal;
  readonly progress: Progress;
  readonly buildArgs: BuildArgs;
  readonly escape: string;
  /** Where the context is. */
  readonly contextRoot: string;
  /** For this build's own files. */
  readonly folder: string;
  readonly steps: LayerSteps;
  /** SOURCE_DATE_EPOCH, in seconds; null without. */
  readonly epoch: number | null;
  /** The same as RFC 3339. */
  readonly epochTime: string | null;
  /** RFC 3339. */
  readonly startedAt: string;
  /** The file system of a stage, by name or number, or of an image. */
  readonly openFrom: (name: string) => Promise<Tree>;
}
