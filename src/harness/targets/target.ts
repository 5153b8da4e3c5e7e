import type { UnixClient } from "../../docker/client/unix-client.ts";

import type { EngineState } from "./engine-state.ts";

/** Which engine a result comes from; every result says it. */
export interface EngineInfo {
  readonly kind: EngineKind;
  readonly version: string;
  /** How isolated containers are there: `namespaces`, …; `dockerd` for a real one. */
  readonly tier: string;
}

export const ENGINE_KINDS = ["embedded", "dockerd", "podman"] as const;
export type EngineKind = (typeof ENGINE_KINDS)[number];

/** Our own `docker` command, or the one that is installed on the host. */
export type ClientKind = "slipway" | "host";

/** Where scenarios run: hands out roots, each as if nobody had used it before. */
export interface Target {
  /** How many roots may be open at a time. */
  readonly maxRoots: number;
  /**
   * A fresh root with nothing in it but what the target itself brings.
   * Throws TargetError when the engine cannot be started, the signal's reason when aborted.
   */
  open(signal: AbortSignal): Promise<TargetRoot>;
  /**
   * A root that begins as the frozen one ended; what ran there is started again. `last`: nobody needs the frozen one any more.
   * Absent where roots cannot be copied. Throws as `open`.
   */
  openCopy?(frozen: FrozenRoot, options: { readonly last: boolean; readonly signal: AbortSignal }): Promise<TargetRoot>;
  /** Ends what the roots share. Call it when every root is closed. */
  close(): Promise<void>;
}

/** A root that has ended, kept for copies of it. */
export interface FrozenRoot {
  /** Where its files are. */
  readonly directory: string;
  /** The containers that ran or were paused, in the order they were started. */
  readonly alive: readonly { readonly id: string; readonly paused: boolean }[];
  /** Removes what is left of it; what is to be kept stays. */
  remove(): Promise<void>;
}

/** One root: an engine, a work directory, and a way to run programs beside the engine. */
export interface TargetRoot {
  readonly engine: EngineInfo;
  /** Speaks to the engine's socket, as the harness reaches it. */
  readonly client: UnixClient;
  /** The work directory as steps see it. */
  readonly workdir: string;
  /** The same as the harness reaches it. What steps wrote there is not to be trusted: no link in it is to be followed. */
  readonly hostWorkdir: string;
  /** The steps' whole environment: PATH with `docker` first, HOME, LANG, TERM, DOCKER_HOST. */
  readonly env: Readonly<Record<string, string>>;
  /** What was in the engine when the root was opened, of other scenarios or none; null: nothing. */
  readonly inherited: EngineState | null;
  /** Marks the processes of this root's steps (see process-group.ts). */
  readonly marker: string;
  /** How much a step may print before it is ended; null for no end of it. */
  readonly outputBytes: number | null;
  /** The command that ends every process of steps, also those that hide from us; null when there is none. */
  readonly endSteps: readonly [string, ...string[]] | null;
  /** Resolves, with the reason, when the engine ends without being asked to. */
  readonly died: Promise<string>;
  /** The command that runs `argv` where steps run, in the work directory. */
  enter(argv: readonly string[]): readonly [string, ...string[]];
  /** Sees to it that these images are there. Throws TargetError naming the image that cannot be had. */
  provideImages(images: readonly string[], signal: AbortSignal): Promise<void>;
  /** The command lines of processes that steps left running. */
  stepProcesses(): Promise<readonly string[]>;
  /** Ends everything in the root and removes it; with `keep`, its files stay and the returned path says where. */
  close(options: { readonly keep: boolean }): Promise<string | null>;
  /** In place of `close`: ends everything in the root and keeps its files for copies. Absent where roots cannot be copied. */
  freeze?(options: { readonly keep: boolean }): Promise<FrozenRoot>;
  /** Once it is closed: what of it is still there, a line each. */
  leftovers(): Promise<readonly string[]>;
}

/** The engine or the host is at fault, not the scenario. */
export class TargetError extends Error {
  override readonly name = "TargetError";
}
