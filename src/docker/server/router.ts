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

/** Finds the route of a request; the first that matches wins. */
export class Router {
  readonly #routes: readonly { readonly method: string; readonly pattern: RegExp; readonly handle: Handler }[];

  constructor(routes: readonly Route[]) {
    this.#routes = routes.map(({ method, path, handle }) => ({ method, handle, pattern: patternOf(path) }));
  }

  /** @param path the decoded path, without its query. Null when nothing is there. */
  match(method: string, path: string): Match | null {
    const [, version, rest = path] = /^\/v(\d[\d.]*)(\/.*)$/.exec(path) ?? [];
    for (const each of this.#routes) {
      if (each.method !== method) continue;
      const found = each.pattern.exec(rest);
      if (found) return { handle: each.handle, parameters: { ...found.groups }, version: version ?? null };
    }
    return null;
  }
}

function patternOf(path: string): RegExp {
  const source = path.replaceAll(/\{(\w+)(:any)?\}/g, (_all, name: string, any?: string) => `(?<${name}>${any ? ".+" : "[^/]+"})`);
  return new RegExp(`^${source}$`, "s");
}
