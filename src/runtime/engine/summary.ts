import type { ContainerSummary, EndpointSettings, HealthState, PortMap, PortSummary } from "../../docker/api/types.ts";
import { argsOf, type ContainerRecord } from "../containers/container.ts";
import { endOf, type ContainerState } from "../containers/state.ts";
import { humanDuration } from "../../base/human-duration.ts";

/** One line of `docker ps`. `isImageCurrent` is whether the image's name still means the image that the container was made from. */
export function summaryOf(
  record: ContainerRecord,
  around: { readonly now: Date; readonly health: HealthState | null; readonly isImageCurrent: boolean },
): ContainerSummary {
  return {
    Id: record.id,
    Names: [`/${record.name}`],
    Image: around.isImageCurrent ? record.imageRef : record.imageId,
    ImageID: record.imageId,
    Command: argsOf(record.config).map(quoteArgument).join(" "),
    Created: Math.floor(Date.parse(record.created) / 1000),
    Ports: portSummaries(record.networkSettings.Ports),
    Labels: record.config.Labels ?? {},
    State: record.state.status,
    Status: statusText(record.state, around.now, around.health),
    HostConfig: { NetworkMode: record.hostConfig.NetworkMode ?? "default" },
    NetworkSettings: { Networks: Object.fromEntries(Object.entries(record.networkSettings.Networks).map(listedEndpoint)) },
    Mounts: record.mounts.filter(({ shown }) => shown).map(({ point }) => point),
  };
}

/** Of a list's endpoints dockerd tells what they have, not what was asked for. */
function listedEndpoint([name, endpoint]: readonly [string, EndpointSettings]): readonly [string, EndpointSettings] {
  return [name, { ...endpoint, Links: null, Aliases: null, DriverOpts: null }];
}

/** `Up 3 seconds`, `Exited (0) 2 minutes ago`: what people read in `docker ps`. */
export function statusText(state: ContainerState, now: Date, health: HealthState | null = null): string {
  const since = (time: string | null): string => humanDuration((now.getTime() - Date.parse(time ?? "")) / 1000);
  const end = endOf(state);
  switch (state.status) {
    case "created":
      return "Created";
    case "running":
      return `Up ${since(state.startedAt)}${healthText(health)}`;
    case "paused":
      return `Up ${since(state.startedAt)} (Paused)`;
    case "restarting":
      return `Restarting (${end.exitCode}) ${since(end.finishedAt)} ago`;
    case "removing":
      return "Removal In Progress";
    case "dead":
      return "Dead";
    default:
      return end.finishedAt === null ? "Created" : `Exited (${end.exitCode}) ${since(end.finishedAt)} ago`;
  }
}

function healthText(health: HealthState | null): string {
  if (!health || health.Status === "none") return "";
  return health.Status === "starting" ? " (health: starting)" : ` (${health.Status})`;
}

/** As dockerd quotes: an argument with a blank in single quotes. */
function quoteArgument(argument: string): string {
  return argument.includes(" ") ? `'${argument}'` : argument;
}

/** Published ports, one line an address, then those that are only exposed. */
export function portSummaries(ports: PortMap): readonly PortSummary[] {
  return Object.entries(ports).flatMap(([port, bindings]): readonly PortSummary[] => {
    const [number = "", type = "tcp"] = port.split("/");
    const base = { PrivatePort: Number(number), Type: type as PortSummary["Type"] };
    if (!bindings || bindings.length === 0) return [base];
    return bindings.map(({ HostIp = "", HostPort = "" }) => ({
      IP: HostIp,
      PrivatePort: Number(number),
      PublicPort: Number(HostPort),
      Type: base.Type,
    }));
  });
}
