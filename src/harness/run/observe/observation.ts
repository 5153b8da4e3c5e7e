import type {
  ContainerInspect,
  EventMessage,
  FilesystemChange,
  ImageHistoryItem,
  ImageInspect,
  NetworkInspect,
  VolumeInspect,
} from "../../../docker/api/types.ts";
import type { Said } from "../../plan/sayings.ts";

/** What was seen of the thing an expectation is about: facts only, so that judging them is pure and can be done again. */
export type Observation =
  /** A step's own outcome; `kind` of step expectations. */
  | ({ readonly kind: "step" } & StepOutcome)
  /** `states`: all that were told of containers of that name; absent when nobody asked. */
  | { readonly kind: "container"; readonly container: ContainerFacts | null; readonly states?: readonly PastState[] }
  | { readonly kind: "image"; readonly image: ImageFacts | null }
  | { readonly kind: "volume"; readonly volume: VolumeFacts | null }
  | { readonly kind: "network"; readonly network: NetworkInspect | null }
  | { readonly kind: "count"; readonly counts: Readonly<Record<"containers" | "running" | "images" | "volumes" | "networks", number>> }
  /** Names of all there is. */
  | { readonly kind: "only"; readonly names: Readonly<Record<"containers" | "images" | "volumes" | "networks", readonly string[]>> }
  /** `missing`: what cannot be compared since it is not there. */
  | { readonly kind: "difference"; readonly files: readonly string[]; readonly config: readonly string[]; readonly missing?: Said }
  /** All since the scenario began, in order. */
  | { readonly kind: "events"; readonly events: readonly EventMessage[] }
  | { readonly kind: "http"; readonly answer: HttpAnswerFacts | null; /** Why there is none. */ readonly problem?: Said }
  | { readonly kind: "diff"; readonly changes: readonly FilesystemChange[] | null }
  /** `file` null: not there; `missing` says what it would be in and is not there either. */
  | { readonly kind: "file"; readonly file: FileFacts | null; readonly missing?: Said }
  | { readonly kind: "entries"; readonly names: readonly string[] | null; readonly problem?: Said }
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
  /** When it was the scenario's: all of that limit, of which `timeoutMs` was left. */
  readonly scenarioMs?: number;
  /** Of an HTTP request; null when there was none. */
  readonly answer?: HttpAnswerFacts | null;
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
  /** Ports that its processes listen at, `80/tcp`; null when nobody asked, or it does not run. */
  readonly listening: readonly string[] | null;
  /** When it was looked at. */
  readonly seenAt: Date;
  /** `State` of the containers that the expectation compares with, by name; null when not there. */
  readonly others: Readonly<Record<string, ContainerInspect["State"] | null>>;
}

export interface ImageFacts {
  readonly inspect: ImageInspect;
  /** Newest first. */
  readonly history: readonly ImageHistoryItem[];
  /** The images that the expectation compares with, by reference; null when not there. */
  readonly others: Readonly<Record<string, ImageInspect | null>>;
  /** Commits since the scenario began: which container's, and the image's id; none when nobody asked. */
  readonly commits: readonly { readonly container: string; readonly containerId: string; readonly imageId: string }[];
}

export interface VolumeFacts {
  readonly inspect: VolumeInspect;
  /** Names of the containers that mount it. */
  readonly usedBy: readonly string[];
}

/** A state that a container was in, as events tell of it. */
export type PastState = "created" | "running" | "paused" | "exited" | "removed";

export interface HttpAnswerFacts {
  readonly status: number;
  /** By lower-case name; several of one name joined by `, `. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
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
