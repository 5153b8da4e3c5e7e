import { listImages } from "./list-images.ts";
import { checkVolume } from "./policy.ts";
import { constants } from "node:os";
import type {
  ContainerBackend,
  Engine,
  ExecBackend,
  ImageBackend,
  NetworkBackend,
  SystemBackend,
  VolumeBackend,
} from "../../docker/api/engine.ts";
import { buildImage } from "../build/build-image.ts";
import { solveImage } from "../build/solve/solve-image.ts";
import { isAlive } from "../containers/state.ts";
import { getArchive, putArchive, statPath } from "./archive.ts";
import { attachContainer } from "./attach.ts";
import { pruneBuildCache } from "./build-cache.ts";
import { buildHost } from "./build-host.ts";
import { commitContainer } from "./commit.ts";
import { engineContext, type EngineContext, type EngineParts } from "./context.ts";
import { createContainer } from "./create.ts";
import { containerChanges } from "./diff.ts";
import { diskUsage } from "./disk-usage.ts";
import { createExec, inspectExec, resizeExec, startExec, startExecDetached } from "./exec.ts";
import { exportContainer } from "./export.ts";
import { info } from "./info.ts";
import { inspectContainer } from "./inspect.ts";
import { killContainer } from "./kill.ts";
import { listContainers } from "./list.ts";
import { containerLogs } from "./logs.ts";
import { createNetwork, pruneNetworks, removeNetwork } from "./endpoints/network-events.ts";
import { connectNetwork, disconnectNetwork } from "./networking.ts";
import { pauseContainer, unpauseContainer } from "./pause.ts";
import { pruneContainers, pruned } from "./prune.ts";
import { recover } from "./recover.ts";
import { renameContainer } from "./rename.ts";
import { resizeContainer } from "./resize.ts";
import { removeContainer } from "./rm.ts";
import { removeLink } from "./endpoints/links.ts";
import { startContainer } from "./start.ts";
import { containerStats } from "./stats.ts";
import { restartContainer, stopContainer } from "./stop.ts";
import { containerTop } from "./top.ts";
import { updateContainer } from "./update.ts";
import { version } from "./version.ts";
import { waitContainer } from "./wait.ts";

/** How long containers have to follow their stop signal when the engine closes. */
const closeGraceMs = 500;

/** The embedded engine, whole. */
export type RuntimeEngine = Engine & {
  /** Whether a container runs or is about to. */
  isBusy(): boolean;
  /** Ends all containers; nothing is asked of the engine afterwards. */
  close(): Promise<void>;
};

/** Composes an engine from its parts and opens the containers of its root. */
export async function createEngine(parts: EngineParts): Promise<RuntimeEngine> {
  const context = engineContext(parts);
  await recover(context);
  return {
    ...containerBackend(context),
    ...execBackend(context),
    ...imageBackend(context),
    ...networkBackend(context),
    ...volumeBackend(context),
    ...systemBackend(context),
    isBusy: () => context.registry.all().some(({ state }) => isAlive(state) || state.status === "restarting"),
    close: () => close(context),
  };
}

function containerBackend(context: EngineContext): ContainerBackend {
  return {
    createContainer: (request, options) => createContainer(context, request, options),
    listContainers: (options) => listContainers(context, options),
    inspectContainer: (ref, options) => inspectContainer(context, ref, options),
    startContainer: (ref) => startContainer(context, ref),
    stopContainer: (ref, options) => stopContainer(context, ref, options),
    restartContainer: (ref, options) => restartContainer(context, ref, options),
    killContainer: (ref, signal) => killContainer(context, ref, signal),
    pauseContainer: (ref) => pauseContainer(context, ref),
    unpauseContainer: (ref) => unpauseContainer(context, ref),
    renameContainer: (ref, name) => renameContainer(context, ref, name),
    removeContainer: async (ref, options) => {
      await (options.link ? removeLink(context, ref) : removeContainer(context, ref, options));
    },
    waitContainer: (ref, condition, signal) => waitContainer(context, ref, condition, signal),
    resizeContainer: async (ref, size) => resizeContainer(context, ref, size),
    attachContainer: (ref, options) => attachContainer(context, ref, options),
    containerLogs: (ref, options) => containerLogs(context, ref, options),
    containerTop: (ref, psArgs) => containerTop(context, ref, psArgs),
    containerChanges: (ref) => containerChanges(context, ref),
    containerStats: (ref, signal) => containerStats(context, ref, signal),
    updateContainer: (ref, update) => updateContainer(context, ref, update),
    exportContainer: (ref) => exportContainer(context, ref),
    statPath: (ref, path) => statPath(context, ref, path),
    getArchive: (ref, path) => getArchive(context, ref, path),
    putArchive: (ref, path, tar, options) => putArchive(context, ref, path, tar, options),
    pruneContainers: (filters) => pruned(context, "container", pruneContainers(context, filters)),
  };
}

function execBackend(context: EngineContext): ExecBackend {
  return {
    createExec: (ref, request) => createExec(context, ref, request),
    startExecDetached: (id) => startExecDetached(context, id),
    startExec: (id, options) => startExec(context, id, options),
    resizeExec: async (id, size) => resizeExec(context, id, size),
    inspectExec: async (id) => inspectExec(context, id),
  };
}

function imageBackend(context: EngineContext): ImageBackend {
  const { images } = context;
  const host = buildHost(context);
  return {
    listImages: (options) => listImages(context, options),
    inspectImage: (ref) => images.inspect(ref),
    imageHistory: (ref) => images.history(ref),
    tagImage: (ref, target) => images.tag(ref, target),
    removeImage: (ref, options) => images.remove(ref, options),
    pruneImages: (filters) => pruned(context, "image", images.prune(filters)),
    commitContainer: (options) => commitContainer(context, options),
    login: (options) => images.login(options),
    inspectDistribution: (options) => images.inspectDistribution(options),
    importImage: (options) => images.import(options),
    pullImage: (options) => images.pull(options),
    pushImage: (options) => images.push(options),
    saveImages: (refs) => images.save(refs),
    loadImages: (tar, options) => images.load(tar, options),
    pruneBuildCache: (options) => pruned(context, "builder", pruneBuildCache(context, options)),
    buildImage: (options, signal) => (options.builder === "graph" ? solveImage : buildImage)(host, options, signal),
  };
}

function networkBackend(context: EngineContext): NetworkBackend {
  const { networks } = context;
  return {
    listNetworks: (filters) => networks.list(filters),
    inspectNetwork: (ref) => networks.inspect(ref),
    createNetwork: (request) => createNetwork(context, request),
    removeNetwork: (ref) => removeNetwork(context, ref),
    connectNetwork: (ref, container, endpoint) => connectNetwork(context, ref, container, endpoint),
    disconnectNetwork: (ref, container) => disconnectNetwork(context, ref, container),
    pruneNetworks: (filters) => pruneNetworks(context, filters),
  };
}

function volumeBackend(context: EngineContext): VolumeBackend {
  const { volumes, policy } = context;
  return {
    listVolumes: (filters) => volumes.list(filters),
    inspectVolume: (name) => volumes.inspect(name),
    createVolume: async (request) => {
      checkVolume(policy, request.Driver ?? "", request.DriverOpts);
      return await volumes.create(request);
    },
    removeVolume: (name, options) => volumes.remove(name, options),
    pruneVolumes: (filters) => pruned(context, "volume", volumes.prune(filters)),
  };
}

function systemBackend(context: EngineContext): SystemBackend {
  return {
    info: () => info(context),
    version: async () => version(context),
    diskUsage: (kinds) => diskUsage(context, kinds),
    events: (options) => context.events.read(options),
  };
}

async function close(context: EngineContext): Promise<void> {
  context.closing = true;
  const runs = context.registry.all().flatMap(({ run, restart }) => {
    restart?.abort();
    return run ? [run] : [];
  });
  for (const { process } of runs) process.kill(constants.signals.SIGTERM);
  const all = Promise.allSettled(runs.map(({ over }) => over));
  await Promise.race([all, context.clock.sleep(closeGraceMs)]);
  for (const { process } of runs) process.kill(constants.signals.SIGKILL);
  await all;
  // What was under way is done to its end, so that nothing is written to the root any more.
  await Promise.all(context.registry.all().map(({ serial }) => serial.run(async () => undefined)));
}
