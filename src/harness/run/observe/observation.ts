import type { ContainerInspect, FilesystemChange, ImageHistoryItem, ImageInspect } from "../../../docker/api/types.ts";

/** What was seen of the thing an expectation is about: facts only, so that judging them is pure and can be done again. */
export type Observation =
  /** A step's own outcome; `kind` of step expectations. */
  | ({ readonly kind: "step" } & StepOutcome)
  | { readonly kind: "container"; readonly container: ContainerFacts | null }
  | { readonly kind: "image"; readonly image: ImageFacts | null }
  /** A volume or a network. */
  | { readonly kind: "presence"; readonly present: boolean }
  | { readonly kind: "count"; readonly counts: Readonly<Record<"containers" | "running" | "images" | "volumes" | "networks", number>> }
  | { readonly kind: "diff"; readonly changes: readonly FilesystemChange[] | null }
  /** `file` null: not there; `missing` says what it would be in and is not there either. */
  | { readonly kind: "file"; readonly file: FileFacts | null; readonly missing?: string }
  | { readonly kind: "entries"; readonly names: readonly string[] | null; readonly problem?: string }
  | { readonly kind: "logs"; readonly text: string | null }
  /** It could not be looked at, for a reason that is ours or the host's: the verdict is an error, not a failure. */
  | { readonly kind: "unobserved"; readonly error: SerializedError }
  /** It was not looked at because the step `because` did not happen. */
  | { readonly kind: "skipped"; readonly because: string };

/** An error as reports keep it. */
export interface SerializedError {
  readonly name: string;
  readonly message: string;
  readonly stack?: string;
}

/** What a step did. A terminal's whole output is `stdout`, as its program wrote it. */
export interface StepOutcome {
  /** 128+n after signal n, as a shell has it; null when it did not end by itself (`timedOut`) or is in the background. */
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** It was ended because its time, or the scenario's, was over; `timeoutMs` says which limit. */
  readonly timedOut: boolean;
  readonly timeoutMs: number;
  /** The terminal's dialogue that broke off; null when it went through, or there is none. */
  readonly dialogue: DialogueFailure | null;
  readonly durationMs: number;
}

/** A terminal's `expect` that did not come true. */
export interface DialogueFailure {
  /** Which action of the script, from 0. */
  readonly action: number;
  /** `"/ # "` or `/pattern/`. */
  readonly awaited: string;
  readonly waitedMs: number;
  /** What was shown since the last `expect` that did. */
  readonly shown: string;
  /** The program ended before. */
  readonly ended: boolean;
}

export interface ContainerFacts {
  readonly inspect: ContainerInspect;
  /** Command lines of its processes; null when nobody asked, or it does not run. */
  readonly processes: readonly string[] | null;
  /** `State` of the containers that the expectation compares with, by name; null when not there. */
  readonly others: Readonly<Record<string, ContainerInspect["State"] | null>>;
}

export interface ImageFacts {
  readonly inspect: ImageInspect;
  /** Newest first. */
  readonly history: readonly ImageHistoryItem[];
  /** The images that the expectation compares with, by reference; null when not there. */
  readonly others: Readonly<Record<string, ImageInspect | null>>;
}

export interface FileFacts {
  readonly type: "file" | "directory" | "symlink" | "fifo" | "device";
  /** Bytes; of a file. */
  readonly size: number;
  /** Permission bits with setuid, setgid and sticky. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly linkTarget: string | null;
  /** Null for what is no file, or larger than is looked into. */
  readonly content: string | null;
  /** Hexadecimal; null for what is no file. */
  readonly sha256: string | null;
}
