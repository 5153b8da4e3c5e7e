import { dir, file, tarOf } from "../tar-of.ts";
import { askApi, jsonValues, type RawRequest } from "./raw-api.ts";

/** What one endpoint answered. */
export interface Visit {
  /** As docs/engine-api.md spells it: `GET /containers/{id}/json`. */
  readonly route: string;
  readonly path: string;
  readonly status: number;
  /** The JSON values of the body: one, or one a line. */
  readonly values: readonly unknown[];
}

export interface TourOptions {
  readonly socket: string;
  /** `/v1.41`, or empty. */
  readonly prefix: string;
  /** Stands before the names of all that is made. */
  readonly name: string;
}

type Parts = Readonly<Record<string, string>> & { readonly query?: string };

/**
 * Asks an engine that has busybox for everything that it answers in JSON, in the order of a small story, and takes away what was made.
 */
export async function tourApi({ socket, prefix, name }: TourOptions): Promise<readonly Visit[]> {
  const visits: Visit[] = [];
  /** Asks, and gives back the first value of the answer. */
  const visit = async (route: string, parts: Parts = {}, request: RawRequest = {}): Promise<Record<string, unknown>> => {
    const [method = "GET", pattern = ""] = route.split(" ");
    const path = pattern.replaceAll(/\{(\w+)\}/g, (_, key: string) => parts[key] ?? "") + (parts.query ? `?${parts.query}` : "");
    const answer = await askApi(socket, method, `${prefix}${path}`, request);
    const isJson = String(answer.headers["content-type"] ?? "").startsWith("application/json");
    const values = isJson ? jsonValues(answer) : [];
    visits.push({ route, path, status: answer.status, values });
    return (values[0] ?? {}) as Record<string, unknown>;
  };
  const id = `${name}-one`;
  const since = Math.floor(Date.now() / 1000) - 1;
  const filters = (value: object): string => `filters=${encodeURIComponent(JSON.stringify(value))}`;

  await visit("GET /version");
  await visit("GET /info");
  // Networks and volumes.
  const network = await visit("POST /networks/create", {}, { body: { Name: `${name}-net`, Labels: { tour: name } } });
  await visit("POST /volumes/create", {}, { body: { Name: `${name}-vol`, Labels: { tour: name } } });
  await visit("POST /networks/create", {}, { body: { Name: `${name}-net`, CheckDuplicate: true } });
  // A container with a bit of everything.
  await visit("POST /containers/create", { query: `name=${id}` }, { body: manifold(name) });
  await visit("POST /containers/create", { query: `name=${id}` }, { body: manifold(name) });
  await visit("POST /containers/create", { query: `name=${name}-no` }, { body: { Image: "no-such-image:1" } });
  await visit("GET /containers/{id}/json", { id });
  await visit("GET /containers/json", { query: `all=1&${filters({ name: [id] })}` });
  await visit("GET /containers/{id}/stats", { id, query: "stream=0" });
  await visit("POST /containers/{id}/start", { id });
  await visit(
    "POST /networks/{id}/connect",
    { id: String(network["Id"]) },
    { body: { Container: id, EndpointConfig: { Aliases: ["also"] } } },
  );
  await visit("GET /containers/{id}/json", { id, query: "size=1" });
  await visit("GET /containers/json", { query: `size=1&${filters({ name: [id] })}` });
  await visit("GET /containers/{id}/top", { id });
  await visit("GET /containers/{id}/stats", { id, query: "stream=0" });
  await visit("GET /networks/{id}", { id: `${name}-net` });
  await visit("GET /networks/{id}", { id: `${name}-net`, query: "verbose=1" });
  await visit("GET /networks", { query: filters({ name: [`${name}-net`] }) });
  await visit("GET /networks/{id}", { id: "bridge" });
  await visit("GET /volumes", { query: filters({ name: [`${name}-vol`] }) });
  await visit("GET /volumes/{name}", { name: `${name}-vol` });
  await visit("DELETE /volumes/{name}", { name: `${name}-vol` });
  const exec = await visit(
    "POST /containers/{id}/exec",
    { id },
    { body: { Cmd: ["touch", "/made", "/etc/more"], AttachStdout: true, User: "root", Env: ["A=b"] } },
  );
  const execId = { id: String(exec["Id"]) };
  await visit("GET /exec/{id}/json", execId);
  await visit("POST /exec/{id}/start", execId, { body: { Detach: false, Tty: false } });
  await visit("GET /exec/{id}/json", execId);
  await visit("GET /containers/{id}/changes", { id });
  await visit("POST /containers/{id}/update", { id }, { body: { RestartPolicy: { Name: "no" } } });
  await visit("POST /containers/{id}/kill", { id, query: "signal=KILL" });
  await visit("POST /containers/{id}/wait", { id });
  await visit("GET /containers/{id}/json", { id });
  await visit("GET /containers/json", { query: `all=1&${filters({ name: [id] })}` });
  // Images.
  await visit("POST /commit", { query: `container=${id}&repo=${name}&tag=committed&comment=why&author=who` }, { body: {} });
  await visit(
    "POST /build",
    { query: `t=${name}:built&labels=${encodeURIComponent(JSON.stringify({ tour: name }))}` },
    { body: await context() },
  );
  await visit("GET /images/{name}/json", { name: `${name}:built` });
  await visit("GET /images/{name}/json", { name: `${name}:committed` });
  await visit("GET /images/{name}/history", { name: `${name}:built` });
  await visit("GET /images/json", { query: filters({ reference: [name] }) });
  await visit("POST /images/{name}/tag", { name: `${name}:built`, query: `repo=${name}&tag=again` });
  const saved = await askApi(socket, "GET", `${prefix}/images/${name}:built/get`);
  await visit("DELETE /images/{name}", { name: `${name}:again` });
  await visit("DELETE /images/{name}", { name: `${name}:built` });
  await visit("POST /images/load", { query: "quiet=1" }, { body: saved.body });
  await visit("DELETE /images/{name}", { name: `${name}:built` });
  const tar = tarOf(dir("etc"), file("etc/motd", "hi"));
  await visit("POST /images/create", { query: `fromSrc=-&repo=${name}&tag=imported&message=told` }, { body: tar });
  await visit("POST /images/create", { query: "fromImage=127.0.0.1:9/nothing/here&tag=1" });
  await visit("DELETE /images/{name}", { name: `${name}:imported` });
  await visit("GET /system/df");
  await visit("POST /build/prune", { query: filters({ id: ["nothing"] }) });
  await visit("GET /plugins");
  await visit("GET /swarm");
  await visit("GET /images/search", { query: "term=" });
  await visit("GET /distribution/{name}/json", { name: "127.0.0.1:9/nothing" });
  await visit("POST /auth", {}, { body: { username: "a", password: "b", serveraddress: "127.0.0.1:9" } });
  // What is not there.
  await visit("GET /containers/{id}/json", { id: "nobody" });
  await visit("GET /containers/{id}/logs", { id });
  await visit("GET /containers/{id}/archive", { id, query: "path=/nowhere" });
  await visit("GET /exec/{id}/json", { id: "nothing" });
  await visit("GET /images/{name}/json", { name: "no-such-image" });
  await visit("GET /networks/{id}", { id: "nothing" });
  await visit("GET /volumes/{name}", { name: "nothing" });
  await visit("GET /nonesuch");
  await visit("GET /events", { query: `since=${since}&until=${Math.floor(Date.now() / 1000) + 1}` });
  // Away with it.
  await visit("DELETE /containers/{id}", { id, query: "v=1" });
  await visit("DELETE /images/{name}", { name: `${name}:committed` });
  await visit("DELETE /networks/{id}", { id: `${name}-net` });
  await visit("DELETE /volumes/{name}", { name: `${name}-vol` });
  const mine = filters({ label: [`tour=${name}`] });
  await visit("POST /containers/create", {}, { body: { Image: "busybox", Cmd: ["true"], Labels: { tour: name } } });
  await visit("POST /volumes/create", {}, { body: { Labels: { tour: name } } });
  await visit("POST /networks/create", {}, { body: { Name: `${name}-net`, Labels: { tour: name } } });
  for (const kind of ["containers", "volumes", "networks", "images"]) {
    await visit(`POST /${kind}/prune`, { query: mine });
    await visit(`POST /${kind}/prune`, { query: mine });
  }
  return visits;
}

/** A container that has a port, mounts, limits, a health check, labels and a network of its own. */
function manifold(name: string): object {
  return {
    Image: "busybox",
    Cmd: ["sleep", "1000"],
    Env: ["A=b"],
    Labels: { tour: name },
    ExposedPorts: { "80/tcp": {}, "81/udp": {} },
    Volumes: { "/anonymous": {} },
    Healthcheck: { Test: ["CMD", "true"], Interval: 1_000_000_000 },
    StopTimeout: 1,
    HostConfig: {
      Binds: [`${name}-vol:/named`],
      Mounts: [{ Type: "tmpfs", Target: "/temporary", TmpfsOptions: { SizeBytes: 1 << 20 } }],
      PortBindings: { "80/tcp": [{ HostPort: "" }] },
      RestartPolicy: { Name: "on-failure", MaximumRetryCount: 1 },
      Ulimits: [{ Name: "nofile", Soft: 100, Hard: 200 }],
    },
    NetworkingConfig: { EndpointsConfig: { bridge: {} } },
  };
}

async function context(): Promise<Buffer> {
  return tarOf(file("Dockerfile", 'FROM busybox\nENV A=b\nEXPOSE 80\nVOLUME /v\nCMD ["true"]\n'));
}
