import type { Duplex, Readable } from "node:stream";
import type { AttachOptions, CommitOptions, LogsOptions, RegistryAuth, WaitCondition } from "../api/engine.ts";
import type * as wire from "../api/types.ts";
import type { BuildSession } from "./build-session.ts";
import { parseDockerHost } from "./docker-host.ts";
import { readJsonLines } from "./json-lines.ts";
import { apiPath, Transport, type HijackedStream, type RequestOptions } from "./transport.ts";

type Signal = AbortSignal | undefined;
/** Lines that a daemon sends while it works; a message with `error` says that it failed. */
export type MessageStream = AsyncIterable<wire.JsonMessage>;

/** False, where leaving the parameter out would mean true. */
const NO = "0";

/**
 * The Docker Engine API over a socket, a method a request, named as in `Engine`. Paths carry no version, so every daemon answers in
 * its own. Errors are the classes of `base/errors.ts` with the daemon's message; "already so" (304) is success.
 */
export class UnixClient {
  readonly #http: Transport;

  /**
   * @param host `unix:///path` or `tcp://host:port`.
   * @param gone breaks every request when it is aborted.
   * @param connect as `Transport`'s.
   * @throws InvalidArgumentError for another scheme.
   */
  constructor(host: string, gone?: AbortSignal, connect?: () => Duplex) {
    this.#http = new Transport(parseDockerHost(host), gone, connect);
  }

  get host(): string {
    return this.#http.host.text;
  }

  /** Any request whose answer is JSON or nothing, for what few commands ask. */
  request<T = unknown>(method: "GET" | "POST" | "DELETE", path: string, options: Omit<RequestOptions, "bulk"> = {}): Promise<T> {
    return this.#http.json(method, path, options);
  }

  // System

  /** The answer's headers: `api-version`, `ostype`, … */
  async ping(signal?: Signal): Promise<Readonly<Record<string, string>>> {
    const response = await this.#http.send("GET", "/_ping", { signal });
    response.resume();
    return Object.fromEntries(Object.entries(response.headers).map(([key, value]) => [key, String(value)]));
  }
  version(): Promise<Readonly<Record<string, unknown>>> {
    return this.#http.json("GET", "/version");
  }
  info(): Promise<Readonly<Record<string, unknown>>> {
    return this.#http.json("GET", "/info");
  }
  diskUsage(): Promise<Readonly<Record<string, unknown>>> {
    return this.#http.json("GET", "/system/df");
  }
  /** `since` and `until` are Unix seconds. */
  async events(options: {
    since?: number | null;
    until?: number | null;
    filters?: wire.Filters;
    signal?: Signal;
  }): Promise<AsyncIterable<wire.EventMessage>> {
    const { signal, filters, ...query } = options;
    return readJsonLines(await this.#http.send("GET", "/events", { query: { ...query, filters: filtersOf(filters) }, signal }));
  }

  // Containers

  createContainer(
    request: wire.ContainerCreateRequest,
    options: { name?: string; platform?: string } = {},
  ): Promise<wire.ContainerCreateResponse> {
    return this.#http.json("POST", "/containers/create", { query: options, json: request });
  }
  listContainers(
    options: { all?: boolean; limit?: number; size?: boolean; filters?: wire.Filters } = {},
  ): Promise<readonly wire.ContainerSummary[]> {
    return this.#http.json("GET", "/containers/json", { query: { ...options, filters: filtersOf(options.filters) } });
  }
  inspectContainer(ref: string, options: { size?: boolean } = {}): Promise<wire.ContainerInspect> {
    return this.#http.json("GET", apiPath`/containers/${ref}/json`, { query: options });
  }
  startContainer(ref: string, options: { detachKeys?: string } = {}): Promise<void> {
    return this.#http.json("POST", apiPath`/containers/${ref}/start`, { query: options });
  }
  /** `timeout` in seconds, -1 for ever. */
  stopContainer(ref: string, options: { signal?: string; timeout?: number | null } = {}): Promise<void> {
    return this.#http.json("POST", apiPath`/containers/${ref}/stop`, { query: { signal: options.signal, t: options.timeout } });
  }
  restartContainer(ref: string, options: { signal?: string; timeout?: number | null } = {}): Promise<void> {
    return this.#http.json("POST", apiPath`/containers/${ref}/restart`, { query: { signal: options.signal, t: options.timeout } });
  }
  killContainer(ref: string, signal = ""): Promise<void> {
    return this.#http.json("POST", apiPath`/containers/${ref}/kill`, { query: { signal } });
  }
  pauseContainer(ref: string): Promise<void> {
    return this.#http.json("POST", apiPath`/containers/${ref}/pause`);
  }
  unpauseContainer(ref: string): Promise<void> {
    return this.#http.json("POST", apiPath`/containers/${ref}/unpause`);
  }
  renameContainer(ref: string, name: string): Promise<void> {
    return this.#http.json("POST", apiPath`/containers/${ref}/rename`, { query: { name } });
  }
  removeContainer(ref: string, options: { force?: boolean; volumes?: boolean; link?: boolean } = {}): Promise<void> {
    const { force, volumes, link } = options;
    return this.#http.json("DELETE", apiPath`/containers/${ref}`, { query: { force, v: volumes, link } });
  }
  /** The outer promise resolves once the daemon registered the wait, `result` when the condition came true. */
  async waitContainer(ref: string, condition: WaitCondition, signal?: Signal): Promise<{ result: Promise<wire.WaitResponse> }> {
    const response = await this.#http.send("POST", apiPath`/containers/${ref}/wait`, { query: { condition }, signal });
    const result = firstOf<wire.WaitResponse>(response);
    result.catch(() => undefined);
    return { result };
  }
  resizeContainer(ref: string, size: { height: number; width: number }): Promise<void> {
    return this.#http.json("POST", apiPath`/containers/${ref}/resize`, { query: { h: size.height, w: size.width } });
  }
  attachContainer(ref: string, options: Partial<AttachOptions>, signal?: Signal): Promise<HijackedStream> {
    return this.#http.hijack(apiPath`/containers/${ref}/attach`, { query: options, signal });
  }
  /** The log; multiplexed unless the container has a terminal. */
  containerLogs(ref: string, options: Partial<LogsOptions>, signal?: Signal): Promise<Readable> {
    const query = { stdout: true, stderr: true, ...options };
    return this.#http.send("GET", apiPath`/containers/${ref}/logs`, { query, signal });
  }
  containerTop(ref: string, psArgs = ""): Promise<wire.TopResponse> {
    return this.#http.json("GET", apiPath`/containers/${ref}/top`, { query: { ps_args: psArgs } });
  }
  async containerChanges(ref: string): Promise<readonly wire.FilesystemChange[]> {
    return (await this.#http.json<readonly wire.FilesystemChange[] | null>("GET", apiPath`/containers/${ref}/changes`)) ?? [];
  }
  async containerStats<T = unknown>(ref: string, options: { stream: boolean }, signal?: Signal): Promise<AsyncIterable<T>> {
    const query = { stream: options.stream || NO };
    return readJsonLines<T>(await this.#http.send("GET", apiPath`/containers/${ref}/stats`, { query, signal }));
  }
  updateContainer(ref: string, update: wire.HostConfig): Promise<{ Warnings: readonly string[] | null }> {
    return this.#http.json("POST", apiPath`/containers/${ref}/update`, { json: update });
  }
  /** The rootfs as a tar. */
  exportContainer(ref: string, signal?: Signal): Promise<Readable> {
    return this.#http.send("GET", apiPath`/containers/${ref}/export`, { bulk: true, signal });
  }
  async statPath(ref: string, path: string): Promise<wire.PathStat> {
    const response = await this.#http.send("HEAD", apiPath`/containers/${ref}/archive`, { query: { path } });
    response.resume();
    return pathStatOf(response.headers);
  }
  async getArchive(ref: string, path: string, signal?: Signal): Promise<{ stat: wire.PathStat; tar: Readable }> {
    const tar = await this.#http.send("GET", apiPath`/containers/${ref}/archive`, { bulk: true, query: { path }, signal });
    return { stat: pathStatOf(tar.headers), tar };
  }
  putArchive(
    ref: string,
    path: string,
    tar: Readable,
    options: { noOverwriteDirNonDir?: boolean; copyUidGid?: boolean } = {},
  ): Promise<void> {
    const query = { path, noOverwriteDirNonDir: options.noOverwriteDirNonDir, copyUIDGID: options.copyUidGid };
    return this.#http.json("PUT", apiPath`/containers/${ref}/archive`, { query, body: tar });
  }
  pruneContainers(filters: wire.Filters = {}): Promise<wire.ContainersPruneResponse> {
    return this.#http.json("POST", "/containers/prune", { query: { filters: filtersOf(filters) } });
  }

  // Exec

  createExec(containerRef: string, request: wire.ExecCreateRequest): Promise<{ Id: string }> {
    return this.#http.json("POST", apiPath`/containers/${containerRef}/exec`, { json: request });
  }
  startExecDetached(id: string): Promise<void> {
    return this.#http.json("POST", apiPath`/exec/${id}/start`, { json: { Detach: true, Tty: false } });
  }
  startExec(
    id: string,
    options: { tty: boolean; consoleSize: { height: number; width: number } | null },
    signal?: Signal,
  ): Promise<HijackedStream> {
    const { tty, consoleSize: size } = options;
    const json = { Detach: false, Tty: tty, ...(size && { ConsoleSize: [size.height, size.width] }) };
    return this.#http.hijack(apiPath`/exec/${id}/start`, { json, signal });
  }
  resizeExec(id: string, size: { height: number; width: number }): Promise<void> {
    return this.#http.json("POST", apiPath`/exec/${id}/resize`, { query: { h: size.height, w: size.width } });
  }
  inspectExec(id: string): Promise<wire.ExecInspect> {
    return this.#http.json("GET", apiPath`/exec/${id}/json`);
  }

  // Images

  listImages(options: { all?: boolean; filters?: wire.Filters } = {}): Promise<readonly wire.ImageSummary[]> {
    return this.#http.json("GET", "/images/json", { query: { ...options, filters: filtersOf(options.filters) } });
  }
  inspectImage(ref: string): Promise<wire.ImageInspect> {
    return this.#http.json("GET", apiPath`/images/${ref}/json`);
  }
  imageHistory(ref: string): Promise<readonly wire.ImageHistoryItem[]> {
    return this.#http.json("GET", apiPath`/images/${ref}/history`);
  }
  tagImage(ref: string, options: { repo: string; tag: string }): Promise<void> {
    return this.#http.json("POST", apiPath`/images/${ref}/tag`, { query: options });
  }
  removeImage(ref: string, options: { force?: boolean; noPrune?: boolean } = {}): Promise<readonly wire.ImageDeleteItem[]> {
    return this.#http.json("DELETE", apiPath`/images/${ref}`, { query: { force: options.force, noprune: options.noPrune } });
  }
  pruneImages(filters: wire.Filters = {}): Promise<{ ImagesDeleted: readonly wire.ImageDeleteItem[] | null; SpaceReclaimed: number }> {
    return this.#http.json("POST", "/images/prune", { query: { filters: filtersOf(filters) } });
  }
  commitContainer(options: Partial<CommitOptions> & { container: string }): Promise<{ Id: string }> {
    const { config, pause = true, ...query } = options;
    return this.#http.json("POST", "/commit", { query: { ...query, pause: pause || NO }, json: config ?? {} });
  }
  /** `fromSrc` is `-` for the tar in `source`, or a URL that the daemon reads. */
  async importImage(
    options: { fromSrc: string; repo: string; tag: string; message?: string; changes?: readonly string[]; platform?: string },
    source: Readable | null,
    signal?: Signal,
  ): Promise<MessageStream> {
    return readJsonLines(await this.#http.send("POST", "/images/create", { query: options, signal, ...(source ? { body: source } : {}) }));
  }
  async pullImage(
    options: { image: string; tag: string; platform?: string; auth?: RegistryAuth | null },
    signal?: Signal,
  ): Promise<MessageStream> {
    const query = { fromImage: options.image, tag: options.tag, platform: options.platform };
    return readJsonLines(await this.#http.send("POST", "/images/create", { query, headers: authHeader(options.auth), signal }));
  }
  async pushImage(
    options: { image: string; tag: string; platform?: wire.PlatformSpec | null; auth?: RegistryAuth | null },
    signal?: Signal,
  ): Promise<MessageStream> {
    const headers = authHeader(options.auth ?? {});
    const query = { tag: options.tag, ...(options.platform && { platform: JSON.stringify(options.platform) }) };
    return readJsonLines(await this.#http.send("POST", apiPath`/images/${options.image}/push`, { query, headers, signal }));
  }
  /** Asks the daemon to ask the registry. @throws NotImplementedError when it cannot. */
  login(address: string, auth: RegistryAuth, signal?: Signal): Promise<{ Status: string; IdentityToken?: string }> {
    return this.#http.json("POST", "/auth", { json: { ...auth, serveraddress: address }, signal });
  }
  saveImages(refs: readonly string[], signal?: Signal): Promise<Readable> {
    return this.#http.send("GET", "/images/get", { bulk: true, query: { names: refs }, signal });
  }
  async loadImages(tar: Readable, options: { quiet?: boolean } = {}, signal?: Signal): Promise<MessageStream> {
    return readJsonLines(await this.#http.send("POST", "/images/load", { query: options, body: tar, signal }));
  }
  /** A connection over which the daemon asks for the secrets of a build whose query has the session's id. */
  async openBuildSession(secrets: ReadonlyMap<string, Buffer>, signal?: Signal): Promise<BuildSession> {
    // Few commands build, and of those few have secrets.
    const [{ getSecretMethod, sessionHeaders }, { serveSecrets }] = await Promise.all([
      import("../api/build-session.ts"),
      import("./build-session.ts"),
    ]);
    return await serveSecrets(secrets, async (id) => {
      const { uuid, name, sharedKey, method } = sessionHeaders;
      const headers = { upgrade: "h2c", [uuid]: id, [name]: "slipway", [sharedKey]: "", [method]: getSecretMethod };
      return (await this.#http.hijack("/session", { headers, signal })).stream;
    });
  }
  /** `query` is that of `POST /build`: `t`, `dockerfile`, `buildargs`, `labels`, `nocache`, … */
  async buildImage(context: Readable, query: Readonly<Record<string, unknown>>, signal?: Signal): Promise<MessageStream> {
    return readJsonLines(
      await this.#http.send("POST", "/build", { query: query as Record<string, string | boolean>, body: context, signal }),
    );
  }
  /** `keep` is how many bytes may stay. */
  pruneBuildCache(
    options: { all?: boolean; filters?: wire.Filters; keep?: number },
    signal?: Signal,
  ): Promise<wire.BuildCachePruneResponse> {
    const query = { all: options.all, filters: filtersOf(options.filters), "keep-storage": options.keep ?? 0 };
    return this.#http.json("POST", "/build/prune", { query, signal });
  }

  // Networks and volumes

  listNetworks(filters: wire.Filters = {}): Promise<readonly wire.NetworkInspect[]> {
    return this.#http.json("GET", "/networks", { query: { filters: filtersOf(filters) } });
  }
  inspectNetwork(ref: string): Promise<wire.NetworkInspect> {
    return this.#http.json("GET", apiPath`/networks/${ref}`);
  }
  createNetwork(request: wire.NetworkCreateRequest): Promise<{ Id: string; Warning: string }> {
    return this.#http.json("POST", "/networks/create", { json: { CheckDuplicate: true, ...request } });
  }
  removeNetwork(ref: string): Promise<void> {
    return this.#http.json("DELETE", apiPath`/networks/${ref}`);
  }
  connectNetwork(ref: string, container: string, endpoint: wire.EndpointSettings | null = null): Promise<void> {
    const json = { Container: container, EndpointConfig: endpoint };
    return this.#http.json("POST", apiPath`/networks/${ref}/connect`, { json });
  }
  disconnectNetwork(ref: string, container: string, force = false): Promise<void> {
    return this.#http.json("POST", apiPath`/networks/${ref}/disconnect`, { json: { Container: container, Force: force } });
  }
  pruneNetworks(filters: wire.Filters = {}): Promise<{ NetworksDeleted: readonly string[] | null }> {
    return this.#http.json("POST", "/networks/prune", { query: { filters: filtersOf(filters) } });
  }
  listVolumes(filters: wire.Filters = {}): Promise<{ Volumes: readonly wire.VolumeInspect[] | null; Warnings: null }> {
    return this.#http.json("GET", "/volumes", { query: { filters: filtersOf(filters) } });
  }
  inspectVolume(name: string): Promise<wire.VolumeInspect> {
    return this.#http.json("GET", apiPath`/volumes/${name}`);
  }
  createVolume(request: wire.VolumeCreateRequest): Promise<wire.VolumeInspect> {
    return this.#http.json("POST", "/volumes/create", { json: request });
  }
  removeVolume(name: string, options: { force?: boolean } = {}): Promise<void> {
    return this.#http.json("DELETE", apiPath`/volumes/${name}`, { query: options });
  }
  pruneVolumes(filters: wire.Filters = {}): Promise<{ VolumesDeleted: readonly string[] | null; SpaceReclaimed: number }> {
    return this.#http.json("POST", "/volumes/prune", { query: { filters: filtersOf(filters) } });
  }
}

/** The map form, which daemons since API 1.22 take; nothing at all when there is no filter. */
function filtersOf(filters: wire.Filters | undefined): object | undefined {
  const entries = Object.entries(filters ?? {});
  if (entries.length === 0) return undefined;
  return Object.fromEntries(entries.map(([key, values]) => [key, Object.fromEntries(values.map((value) => [value, true]))]));
}

function authHeader(auth: RegistryAuth | null | undefined): Record<string, string> {
  return auth ? { "x-registry-auth": Buffer.from(JSON.stringify(auth)).toString("base64url") } : {};
}

function pathStatOf(headers: Readonly<Record<string, string | readonly string[] | undefined>>): wire.PathStat {
  const text = Buffer.from(String(headers["x-docker-container-path-stat"]), "base64").toString();
  return JSON.parse(text) as wire.PathStat;
}

async function firstOf<T>(source: Readable): Promise<T> {
  for await (const value of readJsonLines<T>(source)) return value;
  throw new Error("the daemon closed the connection without an answer");
}
