import { InternalError } from "../../../base/errors.ts";
import type { RegistryAuth } from "../../../docker/api/engine.ts";
import { discard, failure, readBody, send, type HttpAnswer, type HttpRequest } from "./http.ts";
import { registryError } from "./registry-error.ts";
import { pingUrl } from "./registry-url.ts";
import { parseChallenges, type Challenge } from "./www-authenticate.ts";

const tokenLimit = 1 << 20;

/** A request that can be made again, as a body that was sent cannot be. */
export interface AuthorizedRequest extends Omit<HttpRequest, "body"> {
  readonly body?: () => NonNullable<HttpRequest["body"]>;
}

/** Sends requests to one registry with what it asks for: nothing, a password, or a token for a scope (distribution-spec, "Token Authentication"). */
export class Authorizer {
  readonly #domain: string;
  readonly #auth: RegistryAuth | null;
  readonly #signal: AbortSignal | undefined;
  readonly #tokens = new Map<string, Promise<string>>();
  #challenge: Promise<Challenge | null> | null = null;

  constructor(domain: string, auth: RegistryAuth | null, signal?: AbortSignal) {
    this.#domain = domain;
    this.#auth = auth;
    this.#signal = signal;
  }

  /**
   * Sends `request`, allowed to do what `scopes` say (`repository:app:pull`). Only to the registry itself: another origin, where an upload may
   * lead, gets no credentials. A refused token is fetched anew, once.
   * @throws InternalError with Docker's `no basic auth credentials` when there are none and the registry wants some.
   */
  async send({ body, ...request }: AuthorizedRequest, scopes: readonly string[]): Promise<HttpAnswer> {
    const attempt = async (authorization: string | null): Promise<HttpAnswer> =>
      await send({
        ...request,
        ...(this.#signal && { signal: this.#signal }),
        headers: { ...request.headers, "accept-encoding": "identity", ...(authorization !== null && { authorization }) },
        ...(body && { body: body() }),
      });
    this.#challenge ??= this.#ping();
    if (request.url.origin !== pingUrl(this.#domain).origin) return await attempt(null);
    const challenge = await this.#challenge;
    const first = await attempt(challenge && (await this.#authorization(challenge, scopes, request)));
    const again = first.status === 401 ? chosen(first) : null;
    if (!again || again.scheme !== "bearer" || this.#auth?.registrytoken !== undefined) return first;
    discard(first);
    this.#challenge = Promise.resolve(again);
    const asked = again.parameters["scope"];
    const wanted = asked === undefined ? scopes : [...new Set([...asked.split(" "), ...scopes])];
    for (const each of [scopes, wanted]) this.#tokens.delete(each.join(" "));
    const second = await this.#authorization(again, wanted, request);
    if (second !== null) this.#tokens.set(scopes.join(" "), Promise.resolve(second));
    return await attempt(second);
  }

  /** Whether the registry takes these credentials. @throws InternalError in Docker's words when it does not. */
  async login(): Promise<void> {
    const answer = await this.send({ method: "GET", url: pingUrl(this.#domain) }, []);
    discard(answer);
    if (answer.status === 200) return;
    const status = `${answer.status} ${answer.statusText}`;
    throw new InternalError(`login attempt to ${pingUrl(this.#domain).href} failed with status: ${status}`);
  }

  async #ping(): Promise<Challenge | null> {
    const answer = await send({ method: "GET", url: pingUrl(this.#domain), ...(this.#signal && { signal: this.#signal }) });
    discard(answer);
    return answer.status === 401 ? chosen(answer) : null;
  }

  async #authorization(
    challenge: Challenge,
    scopes: readonly string[],
    request: Pick<HttpRequest, "method" | "url">,
  ): Promise<string | null> {
    const auth = this.#auth;
    if (challenge.scheme === "basic") {
      if (auth?.username === undefined || auth.username === "") throw failure(request, "no basic auth credentials");
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
      throw new InternalError(`the registry names no valid place for tokens: ${JSON.stringify(realm.slice(0, 200))}`);
    const url = new URL(realm);
    const isSafe = url.protocol === "https:" || (url.protocol === "http:" && pingUrl(this.#domain).protocol === "http:");
    if (!isSafe) throw new InternalError(`refusing to send credentials to ${url.origin}, which the registry names for tokens`);
    const auth = this.#auth;
    const form = new URLSearchParams(url.searchParams);
    if (service !== undefined) form.set("service", service);
    for (const scope of scopes) form.append("scope", scope);
    const signal = this.#signal && { signal: this.#signal };
    let answer: HttpAnswer;
    if (auth?.identitytoken !== undefined && auth.identitytoken !== "") {
      form.delete("scope");
      if (scopes.length > 0) form.set("scope", scopes.join(" "));
      form.set("grant_type", "refresh_token");
      form.set("client_id", "slipway");
      form.set("refresh_token", auth.identitytoken);
      const headers = { "content-type": "application/x-www-form-urlencoded" };
      answer = await send({ method: "POST", url, headers, body: Buffer.from(form.toString()), ...signal });
    } else {
      const hasPassword = auth?.username !== undefined && auth.username !== "";
      if (hasPassword) form.set("account", auth.username);
      url.search = form.toString();
      const headers = hasPassword ? { authorization: basic(auth.username, auth.password ?? "") } : {};
      answer = await send({ method: "GET", url, headers, ...signal });
    }
    if (answer.status !== 200) throw failure({ method: "GET", url: pingUrl(this.#domain) }, (await registryError(answer)).message);
    const token = tokenOf(await readBody(answer, tokenLimit));
    if (token === null) throw new InternalError("authorization server did not include a token in the response");
    return `Bearer ${token}`;
  }
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
