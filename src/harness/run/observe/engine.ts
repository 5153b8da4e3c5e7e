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
>;

/** Where expectations are looked at. */
export interface Scene {
  readonly engine: ObservedEngine;
  /** The work directory, as the harness reaches it. */
  readonly workdir: string;
  readonly signal: AbortSignal;
}
