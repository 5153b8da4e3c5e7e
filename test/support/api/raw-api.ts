import { request } from "node:http";

/** An answer as it came over the wire. */
export interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: Buffer;
}

export interface RawRequest {
  /** JSON, unless it is bytes. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Asks the engine behind a unix socket for `path`, version and query and all, by no client of ours. */
export function askApi(socketPath: string, method: string, path: string, { body, headers = {} }: RawRequest = {}): Promise<RawAnswer> {
  const isBytes = body instanceof Uint8Array;
  const sent = body === undefined ? null : isBytes ? body : JSON.stringify(body);
  const type = sent === null ? {} : { "content-type": isBytes ? "application/x-tar" : "application/json", "content-length": sent.length };
  return new Promise((resolve, reject) => {
    const asked = request({ socketPath, method, path, agent: false, headers: { ...type, ...headers } }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) }));
    });
    asked.on("error", reject);
    asked.end(sent);
  });
}

/** The values of a JSON answer: one, or those of its lines. */
export function jsonValues({ body }: RawAnswer): readonly unknown[] {
  const text = body.toString().trim();
  if (text === "") return [];
  try {
    return [JSON.parse(text)];
  } catch {
    return text.split(/\r?\n/).map((line) => JSON.parse(line) as unknown);
  }
}
