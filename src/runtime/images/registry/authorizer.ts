import { InternalError } from "../../../base/errors.ts";
import type { RegistryAuth } from "../../../docker/api/engine.ts";
import { discard, failureText, readBody, type HttpAnswer, type HttpRequest } from "./http.ts";
import { RefusedError } from "./refused-error.ts";
import { RegistryError, registryError } from "./registry-error.ts";
import type { RegistryHosts } from "./registry-hosts.ts";
import { pingUrl } from "./registry-url.ts";
import { patiently } from "./retry-after.ts";
import { parseChallenges, type Challenge } from "./www-authenticate.ts";

const tokenLimit = 1 << 20;

/** A request that can be made again, as a body that was sent cannot be. */
export interface AuthorizedRequest extends Omit<HttpRequest, "body"> {
  readonly body?: () => NonNullable<HttpRequest["body"]>;
}

/** Sends requests to one registry with what it asks for: nothing, a password, or a token for a scope (distribution-spec, "Token Authentication"). */
export class Authorizer {
  readonly #domain: string;
  readonly #hosts: RegistryHosts;
  readonly #auth: RegistryAuth | null;
  readonly #signal: AbortSignal | undefined;
  readonly #tokens = new Map<string, Promise<string>>();
  #first: Promise<FirstAnswer> | null = null;

  constructor(domain: string, hosts: RegistryHosts, auth: RegistryAuth | null, signal?: AbortSignal) {
    this.#domain = domain;
    this.#hosts = hosts;
    this.#auth = auth;
    this.#signal = signal;
  }

  /** Where the registry is: by TLS, or without where that is allowed and nothing else answers. @throws InternalError when nothing does. */
  async origin(): Promise<URL> {
    return (await this.#answered()).origin;
  }

  /**
   * Sends `request`, allowed to do what `scopes` say (`repository:app:pull`). Only to the registry itself: another origin, where an upload may
   * lead, gets no credentials. A refused token is fetched anew, once.
   * @throws InternalError with Docker's `no basic auth credentials` when there are none and the registry wants some.
   */
  async send({ body, ...request }: AuthorizedRequest, scopes: readonly string[]): Promise<HttpAnswer> {
    const attempt = async (authorization: string | null): Promise<HttpAnswer> =>
      await this.#send({
        ...request,
        headers: { ...request.headers, "accept-encoding": "identity", ...(authorization !== null && { authorization }) },
        ...(body && { body: body() }),
      });
    const { origin, challenge } = await this.#answered();
    if (request.url.origin !== origin.origin) return await attempt(null);
    const first = await attempt(challenge && (await this.#authorization(challenge, scopes, request)));
    const again = first.status === 401 ? chosen(first) : null;
    if (!again || again.scheme !== "bearer" || this.#auth?.registrytoken !== undefined) return first;
    discard(first);
    this.#first = Promise.resolve({ origin, challenge: again });
    const asked = again.parameters["scope"];
    const wanted = asked === undefined ? scopes : [...new Set([...asked.split(" "), ...scopes])];
    for (const each of [scopes, wanted]) this.#tokens.delete(each.join(" "));
    const second = await this.#authorization(again, wanted, request);
    if (second !== null) this.#tokens.set(scopes.join(" "), Promise.resolve(second));
    return await attempt(second);
  }

  /** Whether the registry takes these credentials. @throws InternalError in Docker's words when it does not. */
  async login(): Promise<void> {
    const url = pingUrl(await this.origin());
    const answer = await this.send({ method: "GET", url }, []);
    discard(answer);
    if (answer.status === 200) return;
    throw new InternalError(`login attempt to ${url.href} failed with status: ${answer.status} ${answer.statusText}`);
  }

  #answered(): Promise<FirstAnswer> {
    if (this.#first) return this.#first;
    const first = this.#ping();
    this.#first = first;
    // Whoever tries once more asks once more.
    first.catch(() => (this.#first = null));
    return first;
  }

  async #ping(): Promise<FirstAnswer> {
    const origins = this.#hosts.origins(this.#domain);
    for (const origin of origins) {
      try {
        const answer = await this.#send({ method: "GET", url: pingUrl(origin) });
        discard(answer);
        return { origin, challenge: answer.status === 401 ? chosen(answer) : null };
      } catch (error) {
        if (origin === origins.at(-1) || this.#signal?.aborted === true) throw error;
      }
    }
    throw new InternalError(`no way to ${this.#domain}`);
  }

  async #send(request: HttpRequest): Promise<HttpAnswer> {
    const tls = (url: URL): ReturnType<RegistryHosts["tls"]> => this.#hosts.tls(url);
    return await patiently({ ...request, tls, ...(this.#signal && { signal: this.#signal }) });
  }

  async #authorization(
    challenge: Challenge,
    scopes: readonly string[],
    request: Pick<HttpRequest, "method" | "url">,
  ): Promise<string | null> {
    const auth = this.#auth;
    if (challenge.scheme === "basic") {
      if (auth?.username === undefined || auth.username === "") throw new RefusedError(failureText(request, "no basic auth credentials"));
      return basic(auth.username, auth.password ?? "");
    }
    if (auth?.registrytoken !== undefined) return `Bearer ${auth.registrytoken}`;
    const key = scopes.join(" ");
    let token = this.#tokens.get(key);
    if (!token) {
      token = this.#fetchToken(challenge, scopes);
      this.#tokens.set(key, token);
      token.catch(() => this.#tokens.delete(key));
    }
    return await token;
  }

  async #fetchToken({ parameters }: Challenge, scopes: readonly string[]): Promise<string> {
    const { realm = "", service } = parameters;
    if (!URL.canParse(realm))
      throw new RefusedError(`the registry names no valid place for tokens: ${JSON.stringify(realm.slice(0, 200))}`);
    const url = new URL(realm);
    const origin = await this.origin();
    const isSafe = url.protocol === "https:" || (url.protocol === "http:" && origin.protocol === "http:");
    if (!isSafe) throw new RefusedError(`refusing to send credentials to ${url.origin}, which the registry names for tokens`);
    const auth = this.#auth;
    const form = new URLSearchParams(url.searchParams);
    if (service !== undefined) form.set("service", service);
    for (const scope of scopes) form.append("scope", scope);
    let answer: HttpAnswer;
    if (auth?.identitytoken !== undefined && auth.identitytoken !== "") {
      form.delete("scope");
      if (scopes.length > 0) form.set("scope", scopes.join(" "));
      form.set("grant_type", "refresh_token");
      form.set("client_id", "slipway");
      form.set("refresh_token", auth.identitytoken);
      const headers = { "content-type": "application/x-www-form-urlencoded" };
      answer = await this.#send({ method: "POST", url, headers, body: Buffer.from(form.toString()) });
    } else {
      const hasPassword = auth?.username !== undefined && auth.username !== "";
      if (hasPassword) form.set("account", auth.username);
      url.search = form.toString();
      const headers = hasPassword ? { authorization: basic(auth.username, auth.password ?? "") } : {};
      answer = await this.#send({ method: "GET", url, headers });
    }
    if (answer.status !== 200) {
      const { reason, message, status, retryAfter } = await registryError(answer);
      throw new RegistryError(reason, failureText({ method: "GET", url: pingUrl(origin) }, message), status, retryAfter);
    }
    const token = tokenOf(await readBody(answer, tokenLimit));
    if (token === null) throw new RefusedError("authorization server did not include a token in the response");
    return `Bearer ${token}`;
  }
}

/** How the registry answered first. */
interface FirstAnswer {
  readonly origin: URL;
  /** What it wants; null for nothing. */
  readonly challenge: Challenge | null;
}

/** The challenge that we can answer: a token before a password. */
function chosen(answer: HttpAnswer): Challenge | null {
  const challenges = parseChallenges(answer.headers["www-authenticate"] ?? "");
  return challenges.find(({ scheme }) => scheme === "bearer") ?? challenges.find(({ scheme }) => scheme === "basic") ?? null;
}

function tokenOf(body: Buffer): string | null {
  try {
    const { token, access_token } = JSON.parse(body.toString()) as { readonly token?: unknown; readonly access_token?: unknown };
    const found = token ?? access_token;
    // What is no header value must not become one.
    return typeof found === "string" && /^[\x21-\x7e]+$/.test(found) ? found : null;
  } catch {
    return null;
  }
}

function basic(username: string, password: string): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
}
