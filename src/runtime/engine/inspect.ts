import { join } from "node:path";
import type { ContainerInspect } from "../../docker/api/types.ts";
import { argsOf } from "../containers/container.ts";
import { stateJson } from "../containers/state.ts";
import type { Mount } from "../snapshots/snapshotter.ts";
import type { EngineContext } from "./context.ts";
import { etcFiles } from "./files/etc-files.ts";
import { linksShown } from "./endpoints/links.ts";
import { sizesOf } from "./files/sizes.ts";

/** `docker inspect` of a container. */
export async function inspectContainer(
  context: EngineContext,
  ref: string,
  options: { readonly size: boolean },
): Promise<ContainerInspect> {
  const container = context.registry.get(ref);
  const { record } = container;
  const [path = "", ...args] = argsOf(record.config);
  const folder = context.store.folder(record.id);
  const files = etcFiles(folder);
  const hasRun = record.state.status !== "created";
  const sizes = options.size ? await sizesOf(context, record) : {};
  return {
    Id: record.id,
    Created: record.created,
    Path: path,
    Args: args,
    State: stateJson(record.state, container.health),
    Image: record.imageId,
    ResolvConfPath: hasRun ? files.resolvConf : "",
    HostnamePath: hasRun ? files.hostname : "",
    HostsPath: hasRun ? files.hosts : "",
    LogPath: hasRun && container.isLogged ? container.log.path : "",
    Name: `/${record.name}`,
    RestartCount: record.restartCount,
    Driver: "overlay2",
    Platform: "linux",
    MountLabel: "",
    ProcessLabel: "",
    AppArmorProfile: "",
    ExecIDs: container.execs.size > 0 ? [...container.execs] : null,
    HostConfig: { ...record.hostConfig, Links: linksShown(context, record) },
    GraphDriver: {
      Data: { ...overlayFolders(await context.snapshotter.mounts(record.id)), MergedDir: join(folder, "merged") },
      Name: "overlay2",
    },
    ...sizes,
    Mounts: record.mounts.filter(({ shown }) => shown).map(({ point }) => point),
    Config: record.config,
    NetworkSettings: record.networkSettings,
  };
}

/** Docker's names for overlayfs's directories. */
function overlayFolders(mounts: readonly Mount[]): Readonly<Record<string, string>> {
  const names: Readonly<Record<string, string>> = { lowerdir: "LowerDir", upperdir: "UpperDir", workdir: "WorkDir" };
  const folders: Record<string, string> = {};
  for (const option of mounts.flatMap(({ options }) => options)) {
    const [key = "", value] = option.split("=");
    const name = names[key];
    if (name !== undefined && value !== undefined) folders[name] = value;
  }
  return folders;
}
