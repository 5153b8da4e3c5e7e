import type { ContainerConfig, EndpointSettings, HostConfig, NetworkSettings } from "../../docker/api/types.ts";
import type { Digest } from "../../oci/digest.ts";
import type { ContainerMount } from "../volumes/volumes.ts";
import type { ContainerState } from "./state.ts";

/** `--link` on the default bridge: another container, and what it is called here. */
export interface ContainerLink {
  readonly containerId: string;
  readonly alias: string;
}

/** All that is kept of a container on disk. It is replaced, never changed in place. */
export interface ContainerRecord {
  readonly version: 1;
  readonly id: string;
  /** Without the slash. */
  readonly name: string;
  /** RFC 3339. */
  readonly created: string;
  /** The image's id, and its name as create was given it. */
  readonly imageId: Digest;
  readonly imageRef: string;
  /** Of the request, with what the image adds. */
  readonly config: ContainerConfig;
  readonly hostConfig: HostConfig;
  /** The OCI runtime that was asked for by name; not there: our own sandbox. */
  readonly runtime?: string;
  readonly endpoints: Readonly<Record<string, EndpointSettings | null>>;
  readonly links?: readonly ContainerLink[];
  readonly mounts: readonly ContainerMount[];
  readonly networkSettings: NetworkSettings;
  readonly state: ContainerState;
  readonly restartCount: number;
  /** Stopped or killed by a person, so no restart policy applies until it is started again. */
  readonly manuallyStopped: boolean;
  /** Of a build's step: it does not outlive the build. `hidden`: no list and no event tells of it. */
  readonly ofBuild?: "shown" | "hidden";
}

/** The program and its arguments: the entrypoint, then the command. */
export function argsOf(config: ContainerConfig): readonly string[] {
  return [...(config.Entrypoint ?? []), ...(config.Cmd ?? [])];
}
