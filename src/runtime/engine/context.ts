import type { Clock } from "../../base/clock.ts";
import type { LiveContainer } from "../containers/live-container.ts";
import type { ContainerRegistry } from "../containers/registry.ts";
import { ContainerStore } from "../containers/store.ts";
import type { Images } from "../images/images.ts";
import type { Cgroups } from "../kernel/cgroups.ts";
import type { Kernel } from "../kernel/kernel.ts";
import type { Networks } from "../networks/networks.ts";
import type { UnpackLimits } from "../../oci/tar/unpack-limits.ts";
import type { RootLayout } from "../root-layout.ts";
import type { Sandbox } from "../sandbox/sandbox.ts";
import type { Snapshotter } from "../snapshots/snapshotter.ts";
import type { Volumes } from "../volumes/volumes.ts";
import type { EventLog } from "./events.ts";
import type { ExecInstance } from "./exec.ts";
import type { Policy } from "./policy.ts";
import { RootfsMounts } from "./files/rootfs.ts";

/** What an engine is composed of. */
export interface EngineParts {
  readonly layout: RootLayout;
  readonly kernel: Kernel;
  readonly sandbox: Sandbox;
  /** The host's OCI runtimes by name, with the paths of their programs; not our own sandbox. */
  readonly runtimes: ReadonlyMap<string, { readonly path: string; readonly sandbox: Sandbox }>;
  readonly snapshotter: Snapshotter;
  readonly images: Images;
  readonly networks: Networks;
  readonly cgroups: Cgroups;
  readonly volumes: Volumes;
  /** Empty; images and volumes ask it who uses them. */
  readonly registry: ContainerRegistry;
  readonly clock: Clock;
  /** Where images tell of their events too. */
  readonly events: EventLog;
  /** What clients may ask for; null for everything. */
  readonly policy: Policy | null;
  /** How much the archives of builds may become. */
  readonly limits?: UnpackLimits;
  /** Registries that are asked without TLS if need be: `host:port`, or a range of addresses. */
  readonly insecureRegistries?: readonly string[];
  /** Slipway's version, for `docker version`. */
  readonly version: string;
  /** Of what it was built, and when (RFC 3339); empty where that is not known. */
  readonly build: { readonly commit: string; readonly time: string };
}

/** The parts, and what the verbs share. */
export interface EngineContext extends EngineParts {
  readonly store: ContainerStore;
  readonly rootfs: RootfsMounts;
  readonly execs: Map<string, ExecInstance>;
  /** Set when the engine closes: nothing is restarted any more. */
  closing: boolean;
}

export function engineContext(parts: EngineParts): EngineContext {
  const store = new ContainerStore(parts.layout.containers);
  return {
    ...parts,
    store,
    rootfs: new RootfsMounts({ folderOf: (id) => store.folder(id), kernel: parts.kernel, snapshotter: parts.snapshotter }),
    execs: new Map(),
    closing: false,
  };
}

/** RFC 3339, now. */
export function timestamp(context: EngineContext): string {
  return context.clock.now().toISOString();
}

/** Tells of an event of a container, with the attributes that Docker gives to all of them. */
export function emitContainerEvent(
  context: EngineContext,
  { record }: LiveContainer,
  action: string,
  attributes: Readonly<Record<string, string>> = {},
): void {
  if (record.ofBuild === "hidden") return;
  context.events.emit("container", action, record.id, {
    ...record.config.Labels,
    image: record.config.Image ?? "",
    name: record.name,
    ...attributes,
  });
}

/** Changes the state in memory and on disk. */
export async function setState(
  context: EngineContext,
  container: LiveContainer,
  change: Parameters<LiveContainer["update"]>[0],
  { durable }: { readonly durable: boolean } = { durable: false },
): Promise<void> {
  container.update(change);
  await context.store.save(container.record, { durable });
}
