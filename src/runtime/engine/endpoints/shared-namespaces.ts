import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { ConflictError, InvalidArgumentError } from "../../../base/errors.ts";
import type { HostConfig } from "../../../docker/api/types.ts";
import type { MountSpec, RuntimeSpec } from "../../../oci/runtime-spec.ts";
import type { ContainerRecord } from "../../containers/container.ts";
import { isAlive } from "../../containers/state.ts";
import { mountFlags } from "../../kernel/kernel.ts";
import type { EngineContext } from "../context.ts";

const CONTAINER = "container:";
const ENGINES_SHM = "/dev/shm";
const SHM_OPTIONS = ["rbind", "nosuid", "noexec", "nodev"];

/**
 * `container:NAME` of the pid, IPC and network modes becomes `container:ID`, as inspect shows it from then on.
 * @throws InvalidArgumentError with Docker's texts for a container that is not there, and for no name at all.
 */
export function settleModes(context: EngineContext, hostConfig: HostConfig): HostConfig {
  const settle = (mode: string | undefined, kind: string): string | undefined => {
    if (!mode?.startsWith(CONTAINER)) return mode;
    const name = mode.slice(CONTAINER.length);
    const other = context.registry.find(name);
    // A network is looked for again at the start, the others are not; at "not found" clients would pull the image.
    if (!other && kind !== "network") throw new InvalidArgumentError(`No such container: ${name}`);
    return other ? CONTAINER + other.id : mode;
  };
  if (hostConfig.IpcMode === CONTAINER) {
    throw new InvalidArgumentError(`can't join IPC of container : invalid name or ID supplied: ""`);
  }
  const [network, pid, ipc] = [
    settle(hostConfig.NetworkMode, "network"),
    settle(hostConfig.PidMode, "pid"),
    settle(hostConfig.IpcMode, "ipc"),
  ];
  return { ...hostConfig, ...(network && { NetworkMode: network }), ...(pid && { PidMode: pid }), ...(ipc && { IpcMode: ipc }) };
}

/** The namespaces, other than the network, that a container does not get of its own. @throws ConflictError for those of one that does not run. */
export function joinedNamespaces(context: EngineContext, { hostConfig }: ContainerRecord): Omit<RuntimeSpec["linux"]["join"], "network"> {
  const { PidMode = "", IpcMode = "", UTSMode = "" } = hostConfig;
  const pathOf = (mode: string, kind: string): string | undefined => {
    if (mode === "host") return `/proc/${process.pid}/ns/${kind}`;
    if (!mode.startsWith(CONTAINER)) return undefined;
    const other = context.registry.get(mode.slice(CONTAINER.length));
    const prefix = kind === "ipc" ? `can't join IPC of container ${other.id}: ` : "";
    if (!isAlive(other.state)) throw new ConflictError(`${prefix}container ${other.id} is not running`);
    if (kind === "ipc" && other.record.hostConfig.IpcMode !== "shareable") {
      throw new ConflictError(`${prefix}non-shareable IPC (hint: use IpcMode:shareable for the donor container)`);
    }
    return `/proc/${other.state.pid}/ns/${kind}`;
  };
  const pid = pathOf(PidMode, "pid");
  const ipc = pathOf(IpcMode, "ipc");
  const uts = pathOf(UTSMode, "uts");
  return { ...(pid && { pid }), ...(ipc && { ipc }), ...(uts && { uts }) };
}

/** /dev/shm where it is not a new one of the container's own: of the engine, of another, or one that others may join. */
export interface SharedMemory {
  readonly mounts: readonly MountSpec[];
  /** Gives it back when the container has ended. */
  release(): void;
}

/** Makes a shareable container's /dev/shm, in the engine's mount namespace, where those that join find it. */
export function sharedMemory(context: EngineContext, { id, hostConfig }: ContainerRecord): SharedMemory {
  const { IpcMode = "private" } = hostConfig;
  const mounted = (source: string): readonly MountSpec[] => [{ destination: "/dev/shm", type: "bind", source, options: SHM_OPTIONS }];
  const placeOf = (container: string): string => join(context.store.folder(container), "shm");
  const nothing = (): void => undefined;
  if (IpcMode === "host") return { mounts: mounted(ENGINES_SHM), release: nothing };
  if (IpcMode.startsWith(CONTAINER)) return { mounts: mounted(placeOf(IpcMode.slice(CONTAINER.length))), release: nothing };
  if (IpcMode !== "shareable") return { mounts: [], release: nothing };
  const place = placeOf(id);
  mkdirSync(place, { recursive: true });
  context.kernel.mount(
    "shm",
    place,
    "tmpfs",
    mountFlags.nosuid | mountFlags.noexec | mountFlags.nodev,
    `mode=1777,size=${hostConfig.ShmSize}`,
  );
  return { mounts: mounted(place), release: () => context.kernel.unmount(place, { detach: true }) };
}

/** Of a setting of the kernel that would not be the container's own: runc's words; null when there is none. */
export function refusedSysctl({ hostConfig }: ContainerRecord): string | null {
  const names = Object.keys(hostConfig.Sysctls ?? {});
  const shares = (mode: string | undefined): boolean => mode === "host" || mode?.startsWith(CONTAINER) === true;
  const network = names.find((name) => name.startsWith("net.") && hostConfig.NetworkMode === "host");
  if (network !== undefined) return `sysctl ${JSON.stringify(network)} not allowed in host network namespace`;
  const ipc = names.find((name) => /^(kernel\.(msg|sem|shm)|fs\.mqueue\.)/.test(name) && shares(hostConfig.IpcMode));
  if (ipc !== undefined) return `sysctl ${JSON.stringify(ipc)} is not allowed in the hosts ipc namespace`;
  const other = names.find((name) => !/^(net\.|kernel\.(msg|sem|shm|domainname)|fs\.mqueue\.)/.test(name));
  return other === undefined ? null : `sysctl ${JSON.stringify(other)} is not in a separate kernel namespace`;
}
