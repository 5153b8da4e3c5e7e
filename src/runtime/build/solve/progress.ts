import { createHash } from "node:crypto";
import { messageOf } from "../../../base/errors.ts";
import { emptyTrace, encodeTrace, traceId, type BuildTrace, type BuildVertex } from "../../../docker/api/build-trace.ts";
import type { Emit } from "../messages.ts";

/** What a build tells of its steps, as BuildKit's traces. */
export class Progress {
  readonly #emit: Emit;
  readonly #vertices: Vertex[] = [];

  constructor(emit: Emit) {
    this.#emit = emit;
  }

  /** A step that is to come; it is told of when it begins. */
  vertex(name: string): Vertex {
    const vertex = new Vertex(name, this.#vertices.length, (trace) => this.tell(trace));
    this.#vertices.push(vertex);
    return vertex;
  }

  async tell(trace: Partial<BuildTrace>): Promise<void> {
    await this.#emit({ id: traceId, aux: encodeTrace({ ...emptyTrace, ...trace }).toString("base64") });
  }

  /** Ends what is still under way when another step failed. */
  async cancelRest(): Promise<void> {
    for (const vertex of this.#vertices) await vertex.cancel();
  }
}

/** One step. */
export class Vertex {
  #state: BuildVertex;
  readonly #tell: (trace: Partial<BuildTrace>) => Promise<void>;

  constructor(name: string, number: number, tell: (trace: Partial<BuildTrace>) => Promise<void>) {
    const digest = `sha256:${createHash("sha256").update(`${number} ${name}`).digest("hex")}`;
    this.#state = { digest, inputs: [], name, cached: false, started: null, completed: null, error: "" };
    this.#tell = tell;
  }

  /** Does the work of the step between telling of its beginning and of its end. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    await this.start();
    try {
      const result = await work();
      await this.complete();
      return result;
    } catch (error) {
      await this.complete(messageOf(error));
      throw error;
    }
  }

  async start(): Promise<void> {
    if (this.#state.started === null) await this.#change({ started: Date.now() });
  }

  /** What was made before is taken. */
  async cached(): Promise<void> {
    const now = Date.now();
    await this.#change({ cached: true, started: this.#state.started ?? now, completed: now });
  }

  async complete(error = ""): Promise<void> {
    if (this.#state.completed === null) await this.#change({ completed: Date.now(), error });
  }

  async cancel(): Promise<void> {
    if (this.#state.started !== null) await this.complete("context canceled");
  }

  async log(stream: "stdout" | "stderr", data: Buffer): Promise<void> {
    await this.#tell({ logs: [{ vertex: this.#state.digest, timestamp: Date.now(), stream: stream === "stdout" ? 1 : 2, data }] });
  }

  /** Something that the step did, such as `transferring context:` with so many bytes. */
  async did(name: string, options: { readonly bytes?: number; readonly since?: number } = {}): Promise<void> {
    const now = Date.now();
    const { bytes = 0, since = now } = options;
    const status = { id: name, vertex: this.#state.digest, name, current: bytes, total: 0, timestamp: now, started: since, completed: now };
    await this.#tell({ statuses: [status] });
  }

  async warn(short: string): Promise<void> {
    await this.#tell({ warnings: [{ vertex: this.#state.digest, short }] });
  }

  async #change(change: Partial<BuildVertex>): Promise<void> {
    this.#state = { ...this.#state, ...change };
    await this.#tell({ vertices: [this.#state] });
  }
}
