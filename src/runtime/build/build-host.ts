import type { ContainerCreateRequest } from "../../docker/api/types.ts";
import type { ChainId } from "../../oci/digest.ts";
import type { UnpackLimits } from "../../oci/tar/unpack-limits.ts";
import type { Images } from "../images/images.ts";
import type { Kernel } from "../kernel/kernel.ts";
import type { MountSpec } from "../../oci/runtime-spec.ts";

/** A place in a file system that was given a path in it, symlinks followed as if it were `/`. */
export interface Place {
  readonly path: string;
  readonly isDirectory: boolean;
  readonly exists: boolean;
}

/** A mounted file system. */
export interface Tree {
  readonly path: string;
  release(): Promise<void>;
}

/** A container's run for RUN. */
export interface RunResult {
  readonly exitCode: number;
}

/** What a build needs of the engine around it. */
export interface BuildHost {
  readonly images: Images;
  readonly kernel: Kernel;
  /** How much a context, or an archive that ADD unpacks, may become. */
  readonly limits?: UnpackLimits | undefined;
  /** A folder for a build's own files; it is removed with everything in it. */
  temporaryFolder(): Promise<{ readonly path: string; remove(): Promise<void> }>;
  now(): string;
  /** A new writable layer on `parent`, mounted. `key` names its snapshot; `remove` unmounts and drops it. */
  layer(
    parent: ChainId | null,
  ): Promise<{ readonly key: string; readonly path: string; release(): Promise<void>; remove(): Promise<void> }>;
  /** An image's file system, read-only. */
  view(chainId: ChainId): Promise<Tree>;
  /** Where a path of a tree is. `followLast` false leaves a symlink at the end itself. */
  resolve(root: string, path: string, options: { readonly followLast: boolean }): Promise<Place>;
  /** The ids of `USER[:GROUP]` in a file system. */
  owner(root: string, user: string): Promise<{ readonly uid: number; readonly gid: number }>;
  /** Makes a container with mounts of the engine's own; nothing runs yet. `hidden`: it is in no list, and has nothing of the image's configuration. */
  createContainer(
    request: ContainerCreateRequest,
    options: { readonly kind: "shown" | "hidden"; readonly mounts: readonly MountSpec[] },
  ): Promise<string>;
  /** A container's file system while it does not run. */
  rootfsOf(id: string): Promise<Tree>;
  /** Where `RUN --mount=type=cache` keeps its folders; it may not be there yet. */
  readonly cacheFolder: string;
  /** Runs it to its end; an abort kills it. */
  runContainer(
    id: string,
    options: { readonly onOutput: (stream: "stdout" | "stderr", chunk: Buffer) => Promise<void>; readonly signal: AbortSignal },
  ): Promise<RunResult>;
  /** Ends and removes a container, with its anonymous volumes. */
  removeContainer(id: string): Promise<void>;
  /** Whether Docker knows the signal. @throws InvalidArgumentError */
  checkSignal(signal: string): void;
}
