import { ConflictError, InternalError, InvalidArgumentError, messageOf, NotFoundError } from "../../../base/errors.ts";
import type { HostConfig } from "../../../docker/api/types.ts";
import type { ContainerLink, ContainerRecord } from "../../containers/container.ts";
import { isAlive } from "../../containers/state.ts";
import { type EngineContext, setState } from "../context.ts";
import { linkVariables } from "./link-env.ts";

const DEFAULT_BRIDGE = "bridge";

/**
 * The containers that `--link` names, by id, so that they may be renamed; those of user-defined networks are names only, and stay in `HostConfig`.
 * @throws InvalidArgumentError for what cannot be linked to, with Docker's texts.
 */
export function resolveLinks(context: EngineContext, hostConfig: HostConfig): readonly ContainerLink[] {
  const { Links, NetworkMode = "default" } = hostConfig;
  if (isUserDefined(NetworkMode)) return [];
  const unlinkable = "conflicting options: host type networking can't be used with links. This would result in undefined behavior";
  if (NetworkMode === "host" && (Links ?? []).length > 0) throw new InvalidArgumentError(unlinkable);
  return (Links ?? []).map((link) => {
    const { target, alias } = parseLink(link);
    try {
      const { id, record } = context.registry.get(target);
      if (record.hostConfig.NetworkMode === "host") throw new ConflictError(unlinkable);
      return { containerId: id, alias };
    } catch (error) {
      if (!(error instanceof NotFoundError)) throw error;
      throw new InvalidArgumentError(`could not get container for ${target}: ${messageOf(error)}`, { cause: error });
    }
  });
}

/** Inspect's `HostConfig.Links`: `/db:/web/store`; null without. */
export function linksShown(context: EngineContext, record: ContainerRecord): readonly string[] | null {
  const links = currentLinks(context, record).map(({ name, alias }) => `/${name}:/${record.name}/${alias}`);
  return links.length > 0 ? links : (record.hostConfig.Links ?? null);
}

/** `name:alias` of every link, for names and hosts: of those containers that are still there, under the names that they have now. */
export function linkNames(context: EngineContext, record: Omit<ContainerRecord, "networkSettings">): readonly string[] {
  const own = currentLinks(context, record).map(({ name, alias }) => `${name}:${alias}`);
  return own.length > 0 ? own : (record.hostConfig.Links ?? []);
}

/**
 * The variables that links on the default bridge give to every process of a container.
 * @throws InternalError when a linked container does not run.
 */
export function linkedVariables(context: EngineContext, record: ContainerRecord): readonly string[] {
  const { Networks } = record.networkSettings;
  if (!(DEFAULT_BRIDGE in Networks)) return [];
  return currentLinks(context, record).flatMap(({ alias, containerId, name }) => {
    const other = context.registry.get(containerId);
    if (!isAlive(other.state)) {
      throw new InternalError(`Cannot link to a non running container: /${name} AS /${record.name}/${alias}`);
    }
    const endpoint = other.record.networkSettings.Networks[DEFAULT_BRIDGE];
    if (!endpoint) throw new InternalError(`container ${containerId} not attached to default bridge network`);
    const { ExposedPorts, Env } = other.record.config;
    return linkVariables({
      alias,
      parent: `/${record.name}`,
      address: endpoint.IPAddress ?? "",
      ports: Object.keys(ExposedPorts ?? {}),
      env: Env ?? [],
    });
  });
}

/**
 * `docker rm --link parent/alias`: the parent knows its link no longer, from its next start on.
 * @throws NotFoundError when there is no such container, or no such link of it; InternalError, as in Docker, for a container's own name.
 */
export async function removeLink(context: EngineContext, ref: string): Promise<void> {
  const [, parentName, alias = ""] = /^\/?([^/]+)\/(.+)$/.exec(ref) ?? [];
  if (parentName === undefined) {
    context.registry.get(ref);
    throw new InternalError("Conflict, cannot remove the default link name of the container");
  }
  const parent = context.registry.find(parentName);
  const link = (parent?.record.links ?? []).find((each) => each.alias === alias);
  if (!parent || !link) throw new NotFoundError(`No such container: ${ref}`);
  await parent.serial.run(async () => {
    const links = (parent.record.links ?? []).filter((each) => each.alias !== alias);
    const Links = (parent.record.hostConfig.Links ?? []).filter((each) => parseLink(each).alias !== alias);
    await setState(context, parent, { links, hostConfig: { ...parent.record.hostConfig, Links } }, { durable: true });
  });
}

function currentLinks(
  context: EngineContext,
  record: Omit<ContainerRecord, "networkSettings">,
): readonly (ContainerLink & { readonly name: string })[] {
  return (record.links ?? []).flatMap((link) => {
    const other = context.registry.find(link.containerId);
    return other ? [{ ...link, name: other.record.name }] : [];
  });
}

function parseLink(link: string): { readonly target: string; readonly alias: string } {
  const [target = "", alias = target, ...more] = link.split(":");
  if (target === "" || alias === "" || more.length > 0) throw new InvalidArgumentError(`bad format for links: ${link}`);
  return { target: target.replace(/^\//, ""), alias: alias.replace(/^.*\//, "") };
}

function isUserDefined(mode: string): boolean {
  return !["default", "bridge", "host", "none"].includes(mode) && !mode.startsWith("container:");
}
