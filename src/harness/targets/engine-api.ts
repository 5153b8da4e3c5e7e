import { request } from "node:http";
import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";

/** What a target itself asks of an engine, over its unix socket. */
export class EngineApi {
  readonly socket: string;

  constructor(socket: string) {
    this.socket = socket;
  }

  get<T>(path: string, signal?: AbortSignal): Promise<T> {
    return this.#json("GET", path, null, signal) as Promise<T>;
  }

  post<T>(path: string, body: Readable | null = null, signal?: AbortSignal): Promise<T> {
    return this.#json("POST", path, body, signal) as Promise<T>;
  }

  async delete(path: string, signal?: AbortSignal): Promise<void> {
    await this.#json("DELETE", path, null, signal);
  }

  async #json(method: string, path: string, body: Readable | null, signal: AbortSignal | undefined): Promise<unknown> {
    const { status, body: answer } = await this.#request(method, path, body, signal);
    if (status >= 400) throw new EngineApiError(status, messageIn(answer));
    if (answer.trim() === "") return null;
    // Progress streams are one JSON value a line, and their failure is said in the last ones.
    const lines = answer.split("\n").filter((line) => line.trim() !== "");
    const values = lines.length > 1 ? lines.map((line) => JSON.parse(line) as unknown) : [JSON.parse(answer) as unknown];
    for (const value of values) {
      if (typeof value === "object" && value !== null && "error" in value && typeof value.error === "string") {
        throw new EngineApiError(500, value.error);
      }
    }
    return values.at(-1);
  }

  #request(
    method: string,
    path: string,
    body: Readable | null,
    signal: AbortSignal | undefined,
  ): Promise<{ status: number; body: string }> {
    return new Promise((resolve, reject) => {
      const outgoing = request(
        {
          socketPath: this.socket,
          method,
          path,
          headers: { Host: "docker", ...(body === null ? {} : { "Content-Type": "application/x-tar" }) },
          ...(signal === undefined ? {} : { signal }),
        },
        (response) => {
          text(response).then((answer) => resolve({ status: response.statusCode ?? 0, body: answer }), reject);
        },
      );
      outgoing.on("error", reject);
      if (body === null) outgoing.end();
      else body.on("error", (error) => outgoing.destroy(error)).pipe(outgoing);
    });
  }
}

/** The engine answered with a refusal. */
export class EngineApiError extends Error {
  override readonly name = "EngineApiError";
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

function messageIn(answer: string): string {
  try {
    const value = JSON.parse(answer) as { message?: string };
    return value.message ?? answer;
  } catch {
    return answer.trim();
  }
}
