import type { ImageRunConfig } from "../../../oci/image-config.ts";
import type { Heredoc } from "../../../oci/dockerfile/split-instructions.ts";
import type { CopyPlan } from "../copy-plan.ts";
import type { Vertex } from "./progress.ts";
import type { RunMount } from "./run-mount.ts";

/** A step of a stage as it is to be done: its variables are known, and what its text alone can get wrong is right. */
export type PlannedStep = StepPlace & (TellStep | RunStep | CopyStep | DirectoryStep);

interface StepPlace {
  /** The line of history, where MAINTAINER's name may stand beside it. */
  readonly createdBy: string;
  readonly author: string;
  /** Where it is in the Dockerfile, counted from 1. */
  readonly start: number;
  readonly end: number;
}

/** Changes the configuration, which the plan has done, and adds no layer. */
export interface TellStep {
  readonly kind: "tell";
}

export interface RunStep {
  readonly kind: "run";
  readonly vertex: Vertex;
  readonly args: readonly string[];
  readonly script: Heredoc | null;
  /** The configuration at this step. */
  readonly config: ImageRunConfig;
  readonly env: readonly string[];
  /** Variables that change nothing of what is made. */
  readonly proxies: readonly string[];
  readonly mounts: readonly RunMount[];
  readonly networkMode: string;
}

export interface CopyStep {
  readonly kind: "copy";
  readonly vertex: Vertex;
  readonly plan: CopyPlan;
}

/** WORKDIR. */
export interface DirectoryStep {
  readonly kind: "directory";
  readonly vertex: Vertex;
  readonly path: string;
  /** Whose it becomes. */
  readonly user: string;
}
