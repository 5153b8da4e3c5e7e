import type { Exchange } from "./exchange.ts";

export type Method = "GET" | "HEAD" | "POST" | "PUT" | "DELETE";
export type Handler = (exchange: Exchange) => Promise<void> | void;

/** A line of the route table. In `path`, `{id}` is a part without slashes and `{name:any}` takes slashes too. */
export interface Route {
  readonly method: Method;
  readonly path: string;
  readonly handle: Handler;
}

const route =
  (method: Method) =>
  (path: string, handle: Handler): Route => ({ method, path, handle });

export const get = route("GET");
export const head = route("HEAD");
export const post = route("POST");
export const put = route("PUT");
export const del = route("DELETE");

export interface Match {
  readonly handle: Handler;
  readonly parameters: Readonly<Record<string, string>>;
  /** `1.41` of `/v1.41/…`; null when the path has none. */
  readonly version: string | null;
}

interface Line {
  readonly route: Route;
  pattern: RegExp | null;
}

/** Finds the route of a request; the first that matches wins. */
export class Router {
  /** By method and the path's first part: an engine that has just started tries, and compiles, few patterns. */
  readonly #lines = new Map<string, Line[]>();

  constructor(routes: readonly Route[]) {
    for (const each of routes) {
      const place = placeOf(each.method, each.path);
      const lines = this.#lines.get(place) ?? [];
      this.#lines.set(place, lines);
      lines.push({ route: each, pattern: null });
    }
  }

  /** @param path the decoded path, without its query. Null when nothing is there. */
  match(method: string, path: string): Match | null {
    const [, version, rest = path] = /^\/v(\d[\d.]*)(\/.*)$/.exec(path) ?? [];
    for (const line of this.#lines.get(placeOf(method, rest)) ?? []) {
      line.pattern ??= patternOf(line.route.path);
      const found = line.pattern.exec(rest);
      if (found) return { handle: line.route.handle, parameters: { ...found.groups }, version: version ?? null };
    }
    return null;
  }
}

const placeOf = (method: string, path: string): string => `${method} ${path.split("/", 2)[1] ?? ""}`;

function patternOf(path: string): RegExp {
  const source = path.replaceAll(/\{(\w+)(:any)?\}/g, (_all, name: string, any?: string) => `(?<${name}>${any ? ".+" : "[^/]+"})`);
  return new RegExp(`^${source}$`, "s");
}
