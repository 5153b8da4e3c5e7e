import type { UnixClient } from "../../../docker/client/unix-client.ts";
import type { ContainerInspect, ImageInspect } from "../../../docker/api/types.ts";

/** What an engine holds at the end of a scenario, as far as a user could see it. */
export interface EngineSnapshot {
  /** The names that the engine drew for containers nobody named. */
  readonly drawnNames: readonly string[];
  readonly state: object;
}

const KINDS = ["C", "A", "D"] as const;

/**
 * Looks at all containers, images, volumes and networks that `isOurs` says the scenario speaks of, or that nobody named.
 * What hangs on the host or on chance, such as ids, times, paths and addresses, is left out.
 */
export async function engineSnapshot(client: UnixClient, isOurs: (name: string) => boolean): Promise<EngineSnapshot> {
  const [containers, images, volumes, networks] = await Promise.all([
    client.listContainers({ all: true }),
    client.listImages(),
    client.listVolumes(),
    client.listNetworks(),
  ]);
  const inOrder = containers.toSorted((a, b) => a.Created - b.Created || (a.Id < b.Id ? -1 : 1));
  const inspected = await Promise.all(
    inOrder.map(async ({ Id }) => ({ inspect: await client.inspectContainer(Id), changes: await client.containerChanges(Id) })),
  );
  const nameOf = ({ Name }: ContainerInspect): string => Name.replace(/^\//, "");
  const drawnNames = inspected.map(({ inspect }) => nameOf(inspect)).filter((name) => !isOurs(name));
  let drawn = 0;
  const byName = inspected.map(({ inspect, changes }) => {
    const name = nameOf(inspect);
    const changed = changes.map(({ Kind, Path }) => `${KINDS[Kind]} ${Path}`).toSorted();
    return [isOurs(name) ? name : `unnamed ${++drawn}`, { ...containerState(inspect), changes: changed }] as const;
  });
  const tags = images.flatMap(({ RepoTags }) => RepoTags ?? []).filter((tag) => isOurs(tag.slice(0, tag.lastIndexOf(":"))));
  const named = await Promise.all(tags.toSorted().map(async (tag) => [tag, await imageState(client, tag)] as const));
  const volumeNames = (volumes.Volumes ?? []).map(({ Name }) => Name);
  return {
    drawnNames,
    state: {
      container: Object.fromEntries(byName),
      image: Object.fromEntries(named),
      volumes: volumeNames.filter(isOurs).toSorted(),
      unnamedVolumes: volumeNames.filter((name) => !isOurs(name)).length,
      networks: networks
        .map(({ Name, Driver }) => `${Name} ${Driver}`)
        .filter((line) => isOurs(line.split(" ")[0] ?? ""))
        .toSorted(),
    },
  };
}

function containerState({ Config, HostConfig, State, Path, Args, Mounts, NetworkSettings, RestartCount }: ContainerInspect): object {
  const { Status, ExitCode, OOMKilled, Error: error, Paused } = State;
  return {
    state: { Status, ExitCode, OOMKilled, Error: error, Paused, RestartCount },
    command: [Path, ...Args],
    config: runConfig(Config),
    host: {
      AutoRemove: HostConfig.AutoRemove,
      Binds: HostConfig.Binds,
      Memory: HostConfig.Memory,
      NetworkMode: HostConfig.NetworkMode,
      PortBindings: HostConfig.PortBindings,
      Privileged: HostConfig.Privileged,
      RestartPolicy: HostConfig.RestartPolicy,
    },
    mounts: Mounts.map(({ Type, Destination, RW }) => `${Type} ${Destination} ${RW ? "rw" : "ro"}`).toSorted(),
    networks: Object.keys(NetworkSettings.Networks).toSorted(),
    ports: Object.keys(NetworkSettings.Ports ?? {}).toSorted(),
  };
}

async function imageState(client: UnixClient, tag: string): Promise<object> {
  const [{ Author, Comment, Config, Os, RootFS, Architecture }, history] = await Promise.all([
    client.inspectImage(tag),
    client.imageHistory(tag),
  ]);
  return {
    Author,
    Comment,
    Os,
    Architecture,
    config: runConfig(Config),
    layers: RootFS.Layers.length,
    history: history.map(({ CreatedBy, Comment: comment, Size }) => `${CreatedBy} | ${comment} | ${Size === 0 ? "empty" : "changes"}`),
  };
}

function runConfig(config: ImageInspect["Config"] | ContainerInspect["Config"]): object {
  const { Cmd, Entrypoint, Env, ExposedPorts, Labels, User, Volumes, WorkingDir } = config;
  const { OpenStdin, StopSignal, Tty } = config as Partial<ContainerInspect["Config"]>;
  return {
    Cmd,
    Entrypoint,
    Env: Env?.toSorted(),
    ExposedPorts: Object.keys(ExposedPorts ?? {}).toSorted(),
    Labels: Labels ?? {},
    OpenStdin,
    StopSignal,
    Tty,
    User,
    Volumes: Object.keys(Volumes ?? {}).toSorted(),
    WorkingDir,
  };
}
