/** Generated from schemas/scenario.schema.json by `npm run generate`; do not edit. */

/**
 * A text for people: a string, or one per language.
 */
export type Text = string | TextMap;
/**
 * Words to select scenarios by.
 */
export type Tags = string[];
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
 * Images that are there before the first step.
 */
export type NeededImages = ImageRef[];
/**
 * Setups whose steps, variables, images and fixtures come before: files named `NAME.setup.yaml` of the same suite, by paths from this file.
 *
 * @minItems 1
 * @maxItems 100
 */
export type Include = string[];
/**
 * A value, or a map with exactly one of `value`, `env` and `random`.
 */
export type Variable = string | number | boolean | VariableMap;
/**
 * A text that must appear, or a pattern with its own time limit.
 */
export type TerminalExpect = string | TerminalExpectMap;
/**
 * A regular expression (JavaScript, flags `m` and `u`).
 */
export type Pattern = string;
/**
 * A text that the screen must contain, or a map.
 */
export type TerminalScreen = string | TerminalScreenMap;
/**
 * A text (equal but for white space at both ends), or what must hold for it.
 */
export type TextMatcher = string | TextMatcherMap;
/**
 * @minItems 1
 */
export type OneOrMore = string | string[];
/**
 * A number, or a map of which everything must hold; `min` and `max` are included.
 */
export type NumberMatcher = number | NumberMatcherMap;
/**
 * The one value that the path leads to; or a map.
 */
export type JsonValue = string | number | boolean | null | JsonValueMap;
/**
 * @minItems 1
 */
export type TextMatchers = TextMatcher[];
/**
 * Permissions in octal, in quotes: "0755".
 */
export type Mode = string;
/**
 * An address, or a map. It is made from where steps run; redirects are not followed.
 */
export type HttpRequest = string | HttpRequestMap;
export type Signal = string;
export type Container =
  ("present" | "absent" | "created" | "running" | "paused" | "restarting" | "removing" | "exited" | "dead") | ContainerFacts;
export type Status = "created" | "running" | "paused" | "restarting" | "removing" | "exited" | "dead";
/**
 * The step's exit code: a number, a list of them, `nonzero`, or `any`. 0 is expected when absent.
 */
export type ExitCode = number | ("any" | "nonzero") | number[];
export type Signals = Signal | Signal[];
export type StateHistory = PastState[] | StateHistoryMap;
export type PastState = "created" | "running" | "paused" | "exited" | "removed";
export type Command = string | string[];
export type PortSet = Port[] | PortSetMap;
/**
 * `80/tcp`, `53/udp`, or a number for tcp.
 */
export type Port = number | string;
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
export type Volume = ("present" | "absent") | VolumeFacts;
/**
 * Names: a list is all of them.
 */
export type NameSet = string[] | NameSetMap;
export type Network = ("present" | "absent") | NetworkFacts;
export type ChangeSet = Change[] | ChangeSetMap;
/**
 * `A`, `C` or `D` and a path.
 */
export type Change = string;
export type ExcludedChange = string;
/**
 * What two images, or an image and a container, differ in.
 *
 * @minItems 1
 */
export type Differences = Difference[];
/**
 * Files in a container, an image, a volume, a tar of the work directory, or (with none of these) the work directory itself.
 *
 * @minItems 1
 */
export type Files = File[];
export type EntrySet = string[] | EntrySetMap;
/**
 * What the engine told of: a list that must be found in this order (others may be between), or a map.
 */
export type Events = Event[] | EventsMap;
/**
 * `start web`, `container start web`, or a map.
 */
export type Event = string | EventMap;
/**
 * What HTTP requests are answered with.
 *
 * @minItems 1
 */
export type HttpAnswers = HttpAnswer[];
/**
 * `stdout` or `stderr` (trimmed); the first group of a pattern in one of them; or what `docker inspect` says of something.
 */
export type Capture =
  | ("stdout" | "stderr")
  | {
      from?: "stdout" | "stderr";
      matches?: Pattern;
      container?: string;
      image?: ImageRef;
      volume?: string;
      network?: string;
      /**
       * JSON path into what `docker inspect` says of it.
       */
      path?: string;
      /**
       * true: the value is written in no report.
       */
      secret?: boolean;
    };
/**
 * Expectations as one map, or as a list of maps, each with its own points and help.
 */
export type StepExpectations = StepExpectation[] | StepExpectation;
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
  tags?: Tags;
  points?: Points;
  help?: Text;
  timeout?: Duration;
  images?: NeededImages;
  requires?: Requires;
  include?: Include;
  vars?: Vars;
  matrix?: Matrix;
  fixtures?: Fixtures;
  env?: Env;
  /**
   * What is done, in order.
   *
   * @minItems 1
   */
  steps?: Step[];
  /**
   * Instead of `steps`: parts that are run and reported each on its own.
   *
   * @minItems 1
   */
  parts?: Part[];
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
   * Variables that slipway's own environment must set.
   */
  variables?: string[];
  /**
   * What the engine must be able to by its `docker info`, and what must be where steps run.
   */
  features?: (
    | "memoryLimit"
    | "swapLimit"
    | "cpuLimit"
    | "cpuShares"
    | "cpuset"
    | "pidsLimit"
    | "oomKillDisable"
    | "cgroup2"
    | "ipv4Forwarding"
    | "overlay"
    | "seccomp"
    | "apparmor"
    | "userns"
    | "rootless"
    | "terminal"
    | "outboundNetwork"
  )[];
  /**
   * Programs that must be on PATH.
   */
  programs?: string[];
}
/**
 * Variables for `${NAME}`, in every step's environment too: a value, or where it comes from.
 */
export interface Vars {
  [k: string]: Variable;
}
export interface VariableMap {
  value?: string | number | boolean;
  /**
   * The variable of slipway's own environment that has it.
   */
  env?: string;
  /**
   * With `env`: the value when that is not set; without it, the scenario is skipped.
   */
  default?: string | number | boolean;
  random?: Random;
  /**
   * true: it is written in no report.
   */
  secret?: boolean;
}
/**
 * Drawn by the seed of the run, or of the student: the same seed, the same value. Exactly one of the keys.
 */
export interface Random {
  /**
   * A whole number from the first to the second.
   *
   * @minItems 2
   * @maxItems 2
   */
  between?: number[];
  /**
   * @minItems 1
   */
  oneOf?: (string | number)[];
  /**
   * So many lower-case letters.
   */
  letters?: number;
}
/**
 * The scenario is run once for each combination of these values.
 */
export interface Matrix {
  /**
   * By variable its values.
   */
  vars?: {
    /**
     * @minItems 1
     */
    [k: string]: (string | number | boolean)[];
  };
  /**
   * Further combinations.
   *
   * @minItems 1
   */
  include?: Combination[];
  /**
   * Combinations of `vars` that are left out: each that has these values.
   *
   * @minItems 1
   */
  exclude?: Combination[];
}
export interface Combination {
  [k: string]: string | number | boolean;
}
/**
 * Texts by name, for `write: {path, fixture}`.
 */
export interface Fixtures {
  [k: string]: string;
}
export interface Env {
  [k: string]: string | number | boolean;
}
/**
 * One thing that is done: exactly one of `run`, `terminal`, `write`, `copy`, `http`, `wait`, `signal`, `sleep` and `until`.
 */
export interface Step {
  /**
   * Names the step in reports; unique in the scenario.
   */
  name?: string;
  title?: Text;
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
  copy?: CopyFile;
  http?: HttpRequest;
  /**
   * Waits for the end of the step of this name, which is in the background; the outcome is that step's.
   */
  wait?: string;
  signal?: SendSignal;
  sleep?: Duration;
  until?: StateExpectation;
  if?: Condition;
  /**
   * `run` and `terminal`: user id, or user and group id, that the command has; root when absent.
   */
  user?: string;
  /**
   * true: no exit code, or answer to a request, is a failure.
   */
  mayFail?: boolean;
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
  screen?: TerminalScreen;
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
export interface TerminalScreenMap {
  text: TextMatcher;
  timeout?: Duration;
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
  /**
   * The whole text, line by line, with gaps: a line `...` is any lines or none, `[..]` anything within a line.
   */
  block?: string;
  /**
   * The whole text, with `*`, `?` and `[a-z]` as in file names.
   */
  glob?: string;
  /**
   * Equal to one of these.
   *
   * @minItems 1
   */
  oneOf?: string[];
  number?: NumberMatcher;
  json?: JsonValues;
  all?: TextMatchers;
  any?: TextMatchers;
  none?: TextMatchers;
  not?: TextMatcher;
}
export interface NumberMatcherMap {
  min?: number;
  max?: number;
  /**
   * More than this.
   */
  above?: number;
  /**
   * Less than this.
   */
  below?: number;
  /**
   * One of these.
   *
   * @minItems 1
   */
  oneOf?: number[];
  not?: NumberMatcher;
}
/**
 * By JSON path (RFC 9535), such as `$.State.Pid`, what is expected of what it leads to.
 */
export interface JsonValues {
  [k: string]: JsonValue;
}
export interface JsonValueMap {
  /**
   * Whether the path leads to anything.
   */
  exists?: boolean;
  /**
   * The one value, lists and maps too.
   */
  equals?: {
    [k: string]: unknown;
  };
  /**
   * All values that the path leads to.
   */
  values?: unknown[];
  /**
   * `values` may come in any order.
   */
  unordered?: boolean;
  count?: NumberMatcher;
  length?: NumberMatcher;
  /**
   * What the one value is.
   */
  type?: "string" | "number" | "boolean" | "null" | "array" | "object";
  number?: NumberMatcher;
  text?: TextMatcher;
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
  content?: string;
  /**
   * Instead of `content`: a name in `fixtures`, or a file or folder beside the scenario's file.
   */
  fixture?: string;
  mode?: Mode;
}
/**
 * A file or folder of the work directory, copied with modes, links and times.
 */
export interface CopyFile {
  /**
   * Relative to the work directory.
   */
  from: string;
  /**
   * The copy's own path; its folders are made.
   */
  to: string;
}
export interface HttpRequestMap {
  /**
   * `http://HOST:PORT/PATH`.
   */
  url: string;
  /**
   * Asks this container at its own address, whatever host the url names.
   */
  container?: string;
  /**
   * GET when absent.
   */
  method?: string;
  headers?: {
    [k: string]: string;
  };
  body?: string;
  timeout?: Duration;
}
/**
 * Sends a signal to a step in the background, as Ctrl-C sends INT.
 */
export interface SendSignal {
  /**
   * The step's name.
   */
  step: string;
  send: Signal;
}
export interface StateExpectation {
  title?: Text;
  points?: Points;
  help?: Text;
  eventually?: Eventually;
  waive?: Waiver;
  /**
   * When this fails, the scenario stops: what comes after is skipped.
   */
  must?: boolean;
  containers?: Containers;
  images?: Images;
  volumes?: Volumes;
  networks?: Networks;
  count?: Counts;
  only?: Only;
  diff?: Diffs;
  differences?: Differences;
  files?: Files;
  entries?: Entries;
  logs?: Logs;
  events?: Events;
  http?: HttpAnswers;
}
/**
 * Looks again until it is true; for what a step itself printed or ended with, does the step again.
 */
export interface Eventually {
  timeout: Duration;
  interval?: Duration;
}
/**
 * A failure of this is known and let pass, until that day.
 */
export interface Waiver {
  reason: string;
  /**
   * The last day, UTC.
   */
  until: string;
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
  signal?: Signals;
  states?: StateHistory;
  ranFor?: NumberMatcher;
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
   * The networks it is connected to: a list is all of them; by name what it is there, null: not connected.
   */
  networks?:
    | string[]
    | {
        [k: string]: {
          address?: TextMatcher;
          /**
           * Names that it has there, among others.
           *
           * @minItems 1
           */
          aliases?: string[];
        } | null;
      };
  listening?: PortSet;
  inspect?: JsonValues;
  processes?: TextMatcher;
  /**
   * The container that started earlier than this one.
   */
  startedAfter?: string;
  /**
   * The container that ended earlier than this one.
   */
  finishedAfter?: string;
  /**
   * The container that started later than this one.
   */
  startedBefore?: string;
  /**
   * The container that ended later than this one.
   */
  finishedBefore?: string;
}
export interface StateHistoryMap {
  /**
   * These in this order, others may be between.
   *
   * @minItems 1
   */
  includes?: PastState[];
  /**
   * None of these.
   *
   * @minItems 1
   */
  excludes?: PastState[];
}
export interface TextsByName {
  [k: string]: null | TextMatcher;
}
export interface PortSetMap {
  exactly?: Port[];
  /**
   * @minItems 1
   */
  includes?: Port[];
  /**
   * @minItems 1
   */
  excludes?: Port[];
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
   * Ports that must be exposed, such as `80/tcp` or 80, which is the same.
   */
  exposedPorts?: (string | number)[];
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
  parent?: ImageRef;
  /**
   * The container that this image is a commit of.
   */
  commitOf?: string;
  inspect?: JsonValues;
  history?: History;
}
export interface HistoryEntryMap {
  createdBy?: TextMatcher;
  comment?: TextMatcher;
  size?: NumberMatcher;
}
/**
 * Volumes by name.
 */
export interface Volumes {
  [k: string]: Volume;
}
export interface VolumeFacts {
  exists?: boolean;
  driver?: TextMatcher;
  labels?: TextsByName;
  usedBy?: NameSet;
  inspect?: JsonValues;
}
export interface NameSetMap {
  exactly?: string[];
  /**
   * @minItems 1
   */
  includes?: string[];
  /**
   * @minItems 1
   */
  excludes?: string[];
}
/**
 * Networks by name.
 */
export interface Networks {
  [k: string]: Network;
}
export interface NetworkFacts {
  exists?: boolean;
  driver?: TextMatcher;
  /**
   * Whether it has no way out.
   */
  internal?: boolean;
  subnet?: TextMatcher;
  labels?: TextsByName;
  containers?: NameSet;
  inspect?: JsonValues;
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
 * All there is, by name: nothing else.
 */
export interface Only {
  containers?: string[];
  /**
   * All names of images; none may be without.
   */
  images?: ImageRef[];
  volumes?: string[];
  /**
   * Beside bridge, host and none.
   */
  networks?: string[];
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
export interface Difference {
  from: Comparable;
  to: Comparable;
  files?: ChangeSet;
  /**
   * Settings that differ: a list is all of them.
   */
  config?: ("cmd" | "entrypoint" | "env" | "labels" | "workdir" | "user" | "stopSignal" | "exposedPorts" | "volumes" | "healthcheck")[];
}
/**
 * An image or a container.
 */
export interface Comparable {
  image?: ImageRef;
  container?: string;
}
export interface File {
  /**
   * Name of the container it is in.
   */
  container?: string;
  image?: ImageRef;
  /**
   * Name of the volume it is in.
   */
  volume?: string;
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
export interface EventMap {
  type?: "container" | "image" | "volume" | "network";
  /**
   * `start`, `die`, `tag`, …
   */
  action?: string;
  name?: TextMatcher;
  attributes?: TextsByName;
}
export interface EventsMap {
  /**
   * Found in this order, others may be between.
   *
   * @minItems 1
   */
  contains?: Event[];
  /**
   * Events that never were.
   *
   * @minItems 1
   */
  excludes?: Event[];
  /**
   * How many there were of an event.
   */
  count?: {
    [k: string]: NumberMatcher;
  };
}
export interface HttpAnswer {
  request: HttpRequest;
  /**
   * false: nobody answers.
   */
  answers?: boolean;
  status?: NumberMatcher;
  headers?: TextsByName;
  body?: TextMatcher;
}
/**
 * The step is left out unless all of this holds.
 */
export interface Condition {
  /**
   * The scenario runs on one of these.
   *
   * @minItems 1
   */
  engine?: ("embedded" | "dockerd" | "podman")[];
  /**
   * Variables by name have these values.
   */
  variables?: {
    [k: string]: TextMatcher;
  };
  /**
   * All that was expected of the step of this name held.
   */
  passed?: string;
  /**
   * Something that was expected of the step of this name did not.
   */
  failed?: string;
}
export interface StepExpectation {
  title?: Text;
  points?: Points;
  help?: Text;
  eventually?: Eventually;
  waive?: Waiver;
  /**
   * When this fails, the scenario stops: what comes after is skipped.
   */
  must?: boolean;
  exitCode?: ExitCode;
  stdout?: TextMatcher;
  stderr?: TextMatcher;
  status?: NumberMatcher;
  headers?: TextsByName;
  body?: TextMatcher;
  containers?: Containers;
  images?: Images;
  volumes?: Volumes;
  networks?: Networks;
  count?: Counts;
  only?: Only;
  diff?: Diffs;
  differences?: Differences;
  files?: Files;
  entries?: Entries;
  logs?: Logs;
  events?: Events;
  http?: HttpAnswers;
}
/**
 * Steps in a root of their own.
 */
export interface Part {
  /**
   * Names the part in reports, after the scenario's name; unique in the scenario.
   */
  name: string;
  title?: Text;
  /**
   * An earlier part: this one starts where that one ended, and is blocked when that one fails.
   */
  needs?: string;
  points?: Points;
  /**
   * @minItems 1
   */
  steps: Step[];
  expect?: StateExpectations;
}
/**
 * `suite.yaml`: what all scenarios of its folder and of those below have. What a scenario says itself stands above it.
 */
export interface Suite {
  title?: Text;
  include?: Include;
  vars?: Vars;
  env?: Env;
  images?: NeededImages;
  fixtures?: Fixtures;
  tags?: Tags;
  timeout?: Duration;
}
/**
 * `NAME.setup.yaml`: what scenarios that include it have in common. Its steps are done before theirs.
 */
export interface Setup {
  title?: Text;
  include?: Include;
  vars?: Vars;
  env?: Env;
  images?: NeededImages;
  fixtures?: Fixtures;
  /**
   * Done in order, before the scenario's own.
   *
   * @minItems 1
   */
  steps?: Step[];
  /**
   * Shell commands run at the end, after the scenario's own.
   */
  cleanup?: string[];
}
