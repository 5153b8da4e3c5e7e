/** Generated from schemas/scenario.schema.json by `npm run generate`; do not edit. */

/**
 * A text for people: a string, or one per language.
 */
export type Text = string | TextMap;
/**
 * Points, with at most three decimals.
 */
export type Points = number;
/**
 * A time span: seconds, or a number with `ms`, `s`, `m` or `h`.
 */
export type Duration = number | string;
export type ImageRef = string;
/**
 * A text that must appear, or a pattern with its own time limit.
 */
export type TerminalExpect = string | TerminalExpectMap;
/**
 * A regular expression (JavaScript, flags `m` and `u`).
 */
export type Pattern = string;
/**
 * Permissions in octal, in quotes: "0755".
 */
export type Mode = string;
/**
 * `stdout` or `stderr` (trimmed), or the first group of a pattern in one of them.
 */
export type Capture =
  | ("stdout" | "stderr")
  | {
      from: "stdout" | "stderr";
      matches: Pattern;
    };
/**
 * Expectations as one map, or as a list of maps, each with its own points and help.
 */
export type StepExpectations = StepExpectation[] | StepExpectation;
/**
 * The step's exit code: a number, a list of them, `nonzero`, or `any`. 0 is expected when absent.
 */
export type ExitCode = number | ("any" | "nonzero") | number[];
/**
 * A text (equal but for white space at both ends), or what must hold for it.
 */
export type TextMatcher = string | TextMatcherMap;
/**
 * @minItems 1
 */
export type OneOrMore = string | string[];
/**
 * A number, or a range with both ends included.
 */
export type NumberMatcher = number | NumberMatcherMap;
export type Container =
  ("present" | "absent" | "created" | "running" | "paused" | "restarting" | "removing" | "exited" | "dead") | ContainerFacts;
export type Status = "created" | "running" | "paused" | "restarting" | "removing" | "exited" | "dead";
export type Command = string | string[];
export type Image = ("present" | "absent") | ImageFacts;
export type NullableCommand = string | string[] | null;
/**
 * `docker history`, newest first: a list that must be found in this order (others may be between), or a map.
 */
export type History =
  | HistoryEntry[]
  | {
      count?: NumberMatcher;
      /**
       * @minItems 1
       */
      contains?: HistoryEntry[];
      /**
       * Entries that no entry may be.
       *
       * @minItems 1
       */
      excludes?: HistoryEntry[];
    };
/**
 * A text that its command contains, or a map.
 */
export type HistoryEntry = string | HistoryEntryMap;
export type ChangeSet = Change[] | ChangeSetMap;
/**
 * `A`, `C` or `D` and a path.
 */
export type Change = string;
export type ExcludedChange = string;
/**
 * Files in a container, an image, a tar of the work directory, or (with none of these) the work directory itself.
 *
 * @minItems 1
 */
export type Files = File[];
export type EntrySet = string[] | EntrySetMap;
/**
 * Expectations as one map, or as a list of maps, each with its own points and help.
 */
export type StateExpectations = StateExpectation[] | StateExpectation;

/**
 * A container exercise or regression test: steps, and what must be true after them.
 */
export interface Scenario {
  /**
   * Names the scenario in reports; unique in a run.
   */
  name: string;
  title?: Text;
  description?: Text;
  /**
   * Words to select scenarios by.
   */
  tags?: string[];
  points?: Points;
  help?: Text;
  timeout?: Duration;
  /**
   * Images that are there before the first step.
   */
  images?: ImageRef[];
  requires?: Requires;
  env?: Env;
  /**
   * What is done, in order.
   *
   * @minItems 1
   */
  steps: Step[];
  expect?: StateExpectations;
  /**
   * Shell commands run at the end whatever happened; their outcome is not judged. Rarely needed: the root is thrown away.
   */
  cleanup?: string[];
}
export interface TextMap {
  en?: string;
  zh?: string;
}
/**
 * What must be given for the scenario to run; otherwise it is skipped with that reason.
 */
export interface Requires {
  /**
   * Engines it can run on.
   *
   * @minItems 1
   */
  engine?: ("embedded" | "dockerd" | "podman")[];
  /**
   * The least isolation it needs of the embedded engine.
   */
  tier?: "namespaces" | "chroot" | "proot";
  /**
   * Programs that must be on PATH.
   */
  programs?: string[];
}
export interface Env {
  [k: string]: string | number | boolean;
}
/**
 * One thing that is done: exactly one of `run`, `terminal` and `write`.
 */
export interface Step {
  /**
   * Names the step in reports; unique in the scenario.
   */
  name?: string;
  /**
   * A command line for `sh`.
   */
  run?: string;
  /**
   * Standard input of `run`; empty when absent.
   */
  stdin?: string;
  /**
   * `run` only: goes on while the next steps run, and is ended with the scenario.
   */
  background?: boolean;
  terminal?: Terminal;
  write?: WriteFile;
  env?: Env;
  /**
   * Working directory, relative to the work directory.
   */
  cwd?: string;
  timeout?: Duration;
  /**
   * Keeps output as variables for later steps and expectations.
   */
  capture?: {
    [k: string]: Capture;
  };
  expect?: StepExpectations;
}
/**
 * A session at a real terminal.
 */
export interface Terminal {
  /**
   * A command line for `sh`, run with the terminal as its stdin, stdout and stderr.
   */
  command: string;
  /**
   * Width; 80 when absent.
   */
  columns?: number;
  /**
   * Height; 24 when absent.
   */
  rows?: number;
  /**
   * What is typed and awaited, in order. At its end the command is waited for.
   *
   * @minItems 1
   */
  script: TerminalAction[];
}
/**
 * Exactly one of the keys.
 */
export interface TerminalAction {
  /**
   * Types the text and presses Enter.
   */
  line?: string;
  /**
   * Types the text as it is.
   */
  send?: string;
  /**
   * Presses keys: `Ctrl-P Ctrl-Q`, `Enter`, `Up`.
   */
  keys?: string;
  expect?: TerminalExpect;
  /**
   * Changes the window's size.
   */
  resize?: {
    columns: number;
    rows: number;
  };
  /**
   * Closes the terminal, as closing its window does (SIGHUP).
   */
  close?: true;
}
export interface TerminalExpectMap {
  contains?: string;
  matches?: Pattern;
  timeout?: Duration;
}
/**
 * A file made in the work directory.
 */
export interface WriteFile {
  /**
   * Relative to the work directory; its folders are made.
   */
  path: string;
  /**
   * The text, as it is.
   */
  content: string;
  mode?: Mode;
}
export interface StepExpectation {
  title?: Text;
  points?: Points;
  help?: Text;
  eventually?: Eventually;
  exitCode?: ExitCode;
  stdout?: TextMatcher;
  stderr?: TextMatcher;
  containers?: Containers;
  images?: Images;
  volumes?: Presences;
  networks?: Presences;
  count?: Counts;
  diff?: Diffs;
  files?: Files;
  entries?: Entries;
  logs?: Logs;
}
/**
 * Looks again until it is true.
 */
export interface Eventually {
  timeout: Duration;
  interval?: Duration;
}
export interface TextMatcherMap {
  /**
   * Equal but for white space at both ends.
   */
  equals?: string;
  /**
   * Equal, byte for byte.
   */
  exactly?: string;
  contains?: OneOrMore;
  /**
   * Occur one after the other.
   *
   * @minItems 1
   */
  sequence?: string[];
  matches?: OneOrMore;
  /**
   * The whole text, line by line; white space at the ends of lines does not count.
   */
  lines?: string[];
  /**
   * `lines` may come in any order.
   */
  unordered?: boolean;
  lineCount?: NumberMatcher;
  /**
   * Whether there is nothing but white space.
   */
  empty?: boolean;
  not?: TextMatcher;
}
export interface NumberMatcherMap {
  min?: number;
  max?: number;
}
/**
 * Containers by name.
 */
export interface Containers {
  [k: string]: Container;
}
export interface ContainerFacts {
  exists?: boolean;
  /**
   * Docker's status, or a list of those allowed.
   */
  status?: Status | Status[];
  exitCode?: ExitCode;
  /**
   * Whether it runs; a paused container does.
   */
  running?: boolean;
  paused?: boolean;
  oomKilled?: boolean;
  image?: TextMatcher;
  command?: Command;
  env?: TextsByName;
  labels?: TextsByName;
  workdir?: TextMatcher;
  user?: TextMatcher;
  hostname?: TextMatcher;
  tty?: boolean;
  /**
   * Whether it was made with --rm.
   */
  autoRemove?: boolean;
  restartPolicy?: "no" | "always" | "unless-stopped" | "on-failure";
  restartCount?: NumberMatcher;
  health?: "none" | "starting" | "healthy" | "unhealthy";
  /**
   * By container port (`80/tcp`): the host port, or whether it is published at all.
   */
  ports?: {
    [k: string]: number | boolean;
  };
  /**
   * By place in the container; null: nothing is mounted there.
   */
  mounts?: {
    [k: string]: {
      type?: "bind" | "volume" | "tmpfs";
      source?: TextMatcher;
      readOnly?: boolean;
    } | null;
  };
  /**
   * The networks it is connected to.
   */
  networks?: string[];
  processes?: TextMatcher;
  /**
   * The container that started earlier than this one.
   */
  startedAfter?: string;
  /**
   * The container that ended earlier than this one.
   */
  finishedAfter?: string;
}
export interface TextsByName {
  [k: string]: null | TextMatcher;
}
/**
 * Images by reference.
 */
export interface Images {
  [k: string]: Image;
}
export interface ImageFacts {
  exists?: boolean;
  author?: TextMatcher;
  comment?: TextMatcher;
  cmd?: NullableCommand;
  entrypoint?: NullableCommand;
  env?: TextsByName;
  labels?: TextsByName;
  workdir?: TextMatcher;
  user?: TextMatcher;
  stopSignal?: TextMatcher;
  /**
   * Ports that must be exposed, such as `80/tcp`.
   */
  exposedPorts?: string[];
  /**
   * Paths that must be declared as volumes.
   */
  volumes?: string[];
  layers?: NumberMatcher;
  size?: NumberMatcher;
  /**
   * All its names.
   */
  tags?: ImageRef[];
  sameAs?: ImageRef;
  basedOn?: ImageRef;
  history?: History;
}
export interface HistoryEntryMap {
  createdBy?: TextMatcher;
  comment?: TextMatcher;
  size?: NumberMatcher;
}
export interface Presences {
  [k: string]: "present" | "absent";
}
/**
 * How many there are.
 */
export interface Counts {
  containers?: NumberMatcher;
  running?: NumberMatcher;
  images?: NumberMatcher;
  volumes?: NumberMatcher;
  networks?: NumberMatcher;
}
/**
 * `docker diff` by container: a list is the whole of it.
 */
export interface Diffs {
  [k: string]: ChangeSet;
}
export interface ChangeSetMap {
  exactly?: Change[];
  /**
   * @minItems 1
   */
  includes?: Change[];
  /**
   * Changes, or paths alone for any change.
   *
   * @minItems 1
   */
  excludes?: ExcludedChange[];
}
export interface File {
  /**
   * Name of the container it is in.
   */
  container?: string;
  image?: ImageRef;
  /**
   * The tar it is in, relative to the work directory.
   */
  tar?: string;
  path: string;
  /**
   * true when absent.
   */
  exists?: boolean;
  type?: "file" | "directory" | "symlink" | "fifo" | "device";
  content?: TextMatcher;
  sha256?: string;
  size?: NumberMatcher;
  mode?: Mode;
  /**
   * User and group id: `0:0`.
   */
  owner?: string;
  linkTarget?: TextMatcher;
}
/**
 * Names in a tar of the work directory: a list is the whole of it.
 */
export interface Entries {
  [k: string]: EntrySet;
}
export interface EntrySetMap {
  exactly?: string[];
  /**
   * @minItems 1
   */
  includes?: string[];
  /**
   * @minItems 1
   */
  excludes?: string[];
  /**
   * For each pattern there is a name.
   *
   * @minItems 1
   */
  matches?: Pattern[];
  count?: NumberMatcher;
}
/**
 * `docker logs` by container: what it printed, stdout and stderr together.
 */
export interface Logs {
  [k: string]: TextMatcher;
}
export interface StateExpectation {
  title?: Text;
  points?: Points;
  help?: Text;
  eventually?: Eventually;
  containers?: Containers;
  images?: Images;
  volumes?: Presences;
  networks?: Presences;
  count?: Counts;
  diff?: Diffs;
  files?: Files;
  entries?: Entries;
  logs?: Logs;
}
