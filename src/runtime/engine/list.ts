import { InternalError, InvalidArgumentError } from "../../base/errors.ts";
import { goFilter } from "../../base/go-pattern.ts";
import type { ContainerSummary, Filters } from "../../docker/api/types.ts";
import { chainIdsOf } from "../../oci/chain-id.ts";
import type { LiveContainer } from "../containers/live-container.ts";
import { endOf, isAlive } from "../containers/state.ts";
import type { EngineContext } from "./context.ts";
import { sizesOf } from "./files/sizes.ts";
import { summaryOf } from "./summary.ts";

const known = new Set([
  "ancestor",
  "before",
  "exited",
  "expose",
  "health",
  "id",
  "is-task",
  "isolation",
  "label",
  "name",
  "network",
  "publish",
  "since",
  "status",
  "volume",
]);
const statuses = ["created", "running", "paused", "restarting", "removing", "exited", "dead"];
const healths = ["starting", "healthy", "unhealthy", "none"];

/** `docker ps`, newest first. */
export async function listContainers(
  context: EngineContext,
  options: { readonly all: boolean; readonly limit: number; readonly size: boolean; readonly filters: Filters },
): Promise<readonly ContainerSummary[]> {
  const matches = await matcher(context, options.filters);
  // Asking for a state asks for those that do not run as well (dockerd: only this filter does).
  const all = options.all || options.limit > 0 || hasAny(options.filters, ["status"]);
  const now = context.clock.now();
  const found: ContainerSummary[] = [];
  const imageIds = new Map<string, string | null>();
  for (const container of context.registry.all().toReversed()) {
    if (container.record.ofBuild === "hidden") continue;
    if (!all && !isAlive(container.state) && container.state.status !== "restarting") continue;
    if (!matches(container)) continue;
    const { record } = container;
    if (!imageIds.has(record.imageRef)) imageIds.set(record.imageRef, (await context.images.find(record.imageRef))?.id ?? null);
    const summary = summaryOf(record, { now, health: container.health, isImageCurrent: imageIds.get(record.imageRef) === record.imageId });
    found.push(options.size ? { ...summary, ...(await sizesOf(context, record)) } : summary);
    if (options.limit > 0 && found.length === options.limit) break;
  }
  return found;
}

function hasAny(filters: Filters, keys: readonly string[]): boolean {
  return keys.some((key) => (filters[key]?.length ?? 0) > 0);
}

/**
 * The filters as one question: values of a key are alternatives, except labels, which all must hold; keys add up.
 * @throws InvalidArgumentError, InternalError with Docker's texts for filters it does not know.
 */
async function matcher(context: EngineContext, filters: Filters): Promise<(container: LiveContainer) => boolean> {
  for (const key of Object.keys(filters)) if (!known.has(key)) throw new InvalidArgumentError(`Invalid filter '${key}'`);
  const tests: ((container: LiveContainer) => boolean)[] = [];
  const any = (key: string, make: (value: string) => (container: LiveContainer) => boolean): void => {
    const alternatives = (filters[key] ?? []).map(make);
    if (alternatives.length > 0) tests.push((container) => alternatives.some((test) => test(container)));
  };
  any("id", (value) => {
    const [one, ...others] = context.registry.all().filter(({ id }) => id.startsWith(value));
    return (container) => container === one && others.length === 0;
  });
  any("name", (value) => {
    const matches = goFilter(value);
    return ({ record }) => matches(`/${record.name}`) || matches(record.name);
  });
  any("status", (value) => {
    if (!statuses.includes(value)) throw new InvalidArgumentError(`Invalid filter 'status=${value}'`);
    return ({ state }) => state.status === value;
  });
  any("exited", (value) => {
    if (!/^[+-]?\d+$/.test(value)) throw new InternalError(`strconv.Atoi: parsing "${value}": invalid syntax`);
    // One that never ran has not exited.
    return ({ state }) => !isAlive(state) && endOf(state).startedAt !== null && endOf(state).exitCode === Number(value);
  });
  any("health", (value) => {
    if (!healths.includes(value)) throw new InvalidArgumentError(`Unrecognised filter value for health: ${value}`);
    return ({ health }) => (health?.Status ?? "none") === value;
  });
  any(
    "volume",
    (value) =>
      ({ record }) =>
        record.mounts.some(({ point }) => point.Name === value || point.Destination === value || point.Source === value),
  );
  any(
    "network",
    (value) =>
      ({ record }) =>
        Object.entries(record.networkSettings.Networks).some(
          ([name, endpoint]) => name === value || endpoint.NetworkID?.startsWith(value) === true,
        ),
  );
  any("publish", (value) => {
    checkPortRange("publish", value);
    return ({ record }) =>
      Object.entries(record.networkSettings.Ports).some(([port, bindings]) =>
        (bindings ?? []).some(({ HostPort }) => inRange(`${HostPort}/${port.split("/")[1]}`, value)),
      );
  });
  any("expose", (value) => {
    checkPortRange("expose", value);
    return ({ record }) => Object.keys(record.networkSettings.Ports).some((port) => inRange(port, value));
  });
  any("is-task", (value) => {
    if (value !== "true" && value !== "false") throw new InvalidArgumentError(`Invalid filter 'is-task=[${value}]'`);
    // Tasks are a swarm's.
    return () => value === "false";
  });
  for (const label of filters["label"] ?? []) {
    const [key, value] = splitOnce(label);
    tests.push(({ record }) => {
      const own = record.config.Labels?.[key];
      return own !== undefined && (value === undefined || own === value);
    });
  }
  const order = context.registry.all();
  const position = (ref: string): number => {
    const found = context.registry.find(ref);
    if (!found) throw new InternalError(`no such container ${ref}`);
    return order.indexOf(found);
  };
  for (const ref of filters["since"] ?? []) {
    const at = position(ref);
    tests.push((container) => order.indexOf(container) > at);
  }
  for (const ref of filters["before"] ?? []) {
    const at = position(ref);
    tests.push((container) => order.indexOf(container) < at);
  }
  if (hasAny(filters, ["ancestor"])) tests.push(await ancestorTest(context, filters["ancestor"] ?? []));
  return (container) => tests.every((test) => test(container));
}

/** Containers of these images, or of images built upon them. */
async function ancestorTest(context: EngineContext, refs: readonly string[]): Promise<(container: LiveContainer) => boolean> {
  const ancestors = (await Promise.all(refs.map((ref) => context.images.find(ref)))).filter((image) => image !== null);
  const wanted = new Set<string>();
  for (const image of await context.images.all()) {
    const chain: readonly string[] = chainIdsOf(image.config.rootfs.diff_ids);
    const isBuiltOn = ancestors.some((ancestor) => ancestor.chainId !== null && chain.includes(ancestor.chainId));
    if (isBuiltOn || ancestors.some(({ id }) => id === image.id)) wanted.add(image.id);
  }
  return ({ record }) => wanted.has(record.imageId);
}

/** @throws InternalError as nat.ParsePortRange words it. */
function checkPortRange(key: string, value: string): void {
  const fail = (reason: string): never => {
    throw new InternalError(`error while looking up for ${key} ${value}: ${reason}`);
  };
  if (value === "") fail("Empty string specified for ports.");
  const [range = ""] = value.split("/");
  const [from = "", to = from] = range.split("-");
  for (const port of [from, to]) {
    if (!/^\d+$/.test(port)) fail(`strconv.ParseUint: parsing ${JSON.stringify(port)}: invalid syntax`);
    if (Number(port) > 65535) fail(`strconv.ParseUint: parsing ${JSON.stringify(port)}: value out of range`);
  }
  if (Number(to) < Number(from)) fail(`Invalid range specified for the Port: ${range}`);
}

/** Whether `80/tcp` is what `80`, `80/tcp` or `80-90/udp` ask for. */
function inRange(port: string, wanted: string): boolean {
  const [number = "", type = "tcp"] = port.split("/");
  const [range = "", wantedType = "tcp"] = wanted.split("/");
  const [from = "", to = from] = range.split("-");
  return type === wantedType && Number(number) >= Number(from) && Number(number) <= Number(to);
}

function splitOnce(label: string): readonly [string, string?] {
  const at = label.indexOf("=");
  return at < 0 ? [label] : [label.slice(0, at), label.slice(at + 1)];
}
