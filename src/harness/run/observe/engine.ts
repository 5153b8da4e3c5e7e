import type { EngineState } from "../../targets/engine-state.ts";
import type { Tunnel } from "../tunnel.ts";
import type { EventHistory } from "./event-history.ts";
import type { UnixClient } from "../../../docker/client/unix-client.ts";

/** What looking at an engine needs of its API. */
export type ObservedEngine = Pick<
  UnixClient,
  | "inspectContainer"
  | "listContainers"
  | "containerTop"
  | "containerChanges"
  | "containerLogs"
  | "getArchive"
  | "createContainer"
  | "removeContainer"
  | "inspectImage"
  | "imageHistory"
  | "listImages"
  | "inspectVolume"
  | "listVolumes"
  | "inspectNetwork"
  | "listNetworks"
  | "exportContainer"
  | "events"
>;

/** Ids and names of what a scenario found in its engine but does not speak of. */
export type Inherited = Pick<EngineState, "containers" | "networks" | "volumes" | "tags" | "images">;

/** Where expectations are looked at. */
export interface Scene {
  readonly engine: ObservedEngine;
  /** The work directory, as the harness reaches it. */
  readonly workdir: string;
  readonly signal: AbortSignal;
  /** What was in the engine before the scenario, and is not the scenario's; null: nothing. */
  readonly inherited: Inherited | null;
  /** What the engine told of since the scenario began. */
  readonly events: EventHistory;
  /** Runs a program where steps run; its standard output when it ended well, else null. */
  readonly output: (argv: readonly string[]) => Promise<string | null>;
  /** A connection to an address as steps reach it. */
  readonly connect: (host: string, port: number) => Tunnel;
}
