import { decodeProtobuf, encodeProtobuf } from "../../base/protobuf.ts";

/** The `id` of a build's messages whose `aux` is a trace in base64. */
export const traceId = "moby.buildkit.trace";

/** The `id` of our engine's message that shows where in the Dockerfile a build failed; its `aux` is a `BuildSource`. */
export const sourceId = "slipway.build.source";

/** The `id` of our engine's messages that hold what `--output type=tar` writes; their `aux` is a piece of the tar in base64. */
export const outputId = "slipway.build.output";

/** Lines of a Dockerfile, counted from 1, and its whole text. */
export interface BuildSource {
  readonly file: string;
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** Milliseconds since the epoch, with fractions. */
type Moment = number;

/** A step of a build, told again whenever it changes. */
export interface BuildVertex {
  readonly digest: string;
  readonly inputs: readonly string[];
  readonly name: string;
  readonly cached: boolean;
  readonly started: Moment | null;
  readonly completed: Moment | null;
  /** Empty while it has not failed. */
  readonly error: string;
}

/** Something that a step is busy with, such as `transferring context:`; `current` and `total` are bytes. */
export interface BuildStatus {
  readonly id: string;
  readonly vertex: string;
  readonly name: string;
  readonly current: number;
  readonly total: number;
  readonly timestamp: Moment;
  readonly started: Moment | null;
  readonly completed: Moment | null;
}

/** What a step's program wrote. */
export interface BuildLog {
  readonly vertex: string;
  readonly timestamp: Moment;
  /** 1 for stdout, 2 for stderr. */
  readonly stream: number;
  readonly data: Buffer;
}

/** A warning about the Dockerfile. */
export interface BuildWarning {
  readonly vertex: string;
  readonly short: string;
}

/** What happened in a build since the last trace (BuildKit's `StatusResponse`, api/services/control/control.proto). */
export interface BuildTrace {
  readonly vertices: readonly BuildVertex[];
  readonly statuses: readonly BuildStatus[];
  readonly logs: readonly BuildLog[];
  readonly warnings: readonly BuildWarning[];
}

export const emptyTrace: BuildTrace = { vertices: [], statuses: [], logs: [], warnings: [] };

type Fields = Parameters<typeof encodeProtobuf>[0][number][];

export function encodeTrace(trace: BuildTrace): Buffer {
  return encodeProtobuf([
    ...trace.vertices.map((vertex) => [1, encodeVertex(vertex)] as const),
    ...trace.statuses.map((status) => [2, encodeStatus(status)] as const),
    ...trace.logs.map((log) => [3, encodeLog(log)] as const),
    ...trace.warnings.map(({ vertex, short }) => [4, encodeProtobuf([...text(1, vertex), [2, 1], ...text(3, short)])] as const),
  ]);
}

/** @throws InvalidArgumentError when it is no trace. */
export function decodeTrace(message: Buffer): BuildTrace {
  const trace = { vertices: [] as BuildVertex[], statuses: [] as BuildStatus[], logs: [] as BuildLog[], warnings: [] as BuildWarning[] };
  for (const [number, value] of decodeProtobuf(message)) {
    if (typeof value === "bigint") continue;
    if (number === 1) trace.vertices.push(decodeVertex(value));
    else if (number === 2) trace.statuses.push(decodeStatus(value));
    else if (number === 3) trace.logs.push(decodeLog(value));
    else if (number === 4) trace.warnings.push(decodeWarning(value));
  }
  return trace;
}

function encodeVertex(vertex: BuildVertex): Buffer {
  return encodeProtobuf([
    ...text(1, vertex.digest),
    ...vertex.inputs.map((input) => [2, input] as const),
    ...text(3, vertex.name),
    ...(vertex.cached ? [[4, 1] as const] : []),
    ...moment(5, vertex.started),
    ...moment(6, vertex.completed),
    ...text(7, vertex.error),
  ]);
}

function encodeStatus(status: BuildStatus): Buffer {
  return encodeProtobuf([
    ...text(1, status.id),
    ...text(2, status.vertex),
    ...text(3, status.name),
    ...(status.current > 0 ? [[4, status.current] as const] : []),
    ...(status.total > 0 ? [[5, status.total] as const] : []),
    ...moment(6, status.timestamp),
    ...moment(7, status.started),
    ...moment(8, status.completed),
  ]);
}

function encodeLog(log: BuildLog): Buffer {
  return encodeProtobuf([...text(1, log.vertex), ...moment(2, log.timestamp), [3, log.stream], [4, log.data]]);
}

function decodeVertex(message: Buffer): BuildVertex {
  const found = fieldsOf(message);
  return {
    digest: found.text(1),
    inputs: found.all(2).map(String),
    name: found.text(3),
    cached: found.number(4) > 0,
    started: found.moment(5),
    completed: found.moment(6),
    error: found.text(7),
  };
}

function decodeStatus(message: Buffer): BuildStatus {
  const found = fieldsOf(message);
  return {
    id: found.text(1),
    vertex: found.text(2),
    // BuildKit itself leaves the name out.
    name: found.text(3) || found.text(1),
    current: found.number(4),
    total: found.number(5),
    timestamp: found.moment(6) ?? 0,
    started: found.moment(7),
    completed: found.moment(8),
  };
}

function decodeLog(message: Buffer): BuildLog {
  const found = fieldsOf(message);
  return {
    vertex: found.text(1),
    timestamp: found.moment(2) ?? 0,
    stream: found.number(3),
    data: found.all(4)[0] ?? Buffer.alloc(0),
  };
}

function decodeWarning(message: Buffer): BuildWarning {
  const found = fieldsOf(message);
  return { vertex: found.text(1), short: found.text(3) };
}

interface Found {
  all(number: number): readonly Buffer[];
  text(number: number): string;
  number(number: number): number;
  moment(number: number): Moment | null;
}

function fieldsOf(message: Buffer): Found {
  const fields = [...decodeProtobuf(message)];
  const all = (number: number): readonly Buffer[] =>
    fields.flatMap(([own, value]) => (own === number && typeof value !== "bigint" ? [value] : []));
  const numberOf = (number: number): number =>
    Number(fields.findLast(([own, value]) => own === number && typeof value === "bigint")?.[1] ?? 0);
  return {
    all,
    number: numberOf,
    text: (number) => String(all(number).at(-1) ?? ""),
    moment(number) {
      const stamp = all(number).at(-1);
      if (!stamp) return null;
      const parts = fieldsOf(stamp);
      return parts.number(1) * 1000 + parts.number(2) / 1e6;
    },
  };
}

/** Protocol Buffers leave out what is empty. */
function text(number: number, value: string): Fields {
  return value === "" ? [] : [[number, value]];
}

/** google.protobuf.Timestamp. */
function moment(number: number, value: Moment | null): Fields {
  if (value === null) return [];
  const seconds = Math.floor(value / 1000);
  return [
    [
      number,
      encodeProtobuf([
        [1, seconds],
        [2, Math.round((value - seconds * 1000) * 1e6)],
      ]),
    ],
  ];
}
