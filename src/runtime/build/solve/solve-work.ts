import type { BuildOptions } from "../../../docker/api/engine.ts";
import type { Draft } from "../../../oci/dockerfile/config-instructions.ts";
import type { HistoryEntry } from "../../../oci/image-config.ts";
import type { Image } from "../../images/images.ts";
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
  /** Tells once that something is taken from the context. */
  readonly useContext: () => Promise<void>;
  /** The file system of a stage, by name or number, or of an image. */
  readonly openFrom: (name: string) => Promise<Tree>;
}

/** The layers of a stage as far as it is built, and their history. */
export interface SolvedLayers {
  /** Has the layers, and nothing else that counts; null without any. */
  readonly layers: Image | null;
  readonly history: readonly HistoryEntry[];
  /** Names what the layers are. */
  readonly key: string;
  /** When its last layer was made, RFC 3339; empty without layers. The same steps so make the same image again. */
  readonly created: string;
}

/** A stage that is built: what an image of it would have. */
export interface SolvedStage extends SolvedLayers {
  readonly config: Draft;
  readonly author: string;
}
