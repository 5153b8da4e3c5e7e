import { Cleanup } from "../../base/cleanup.ts";
import { ConflictError, InternalError, InvalidArgumentError, messageOf, NotModifiedError, SetupError } from "../../base/errors.ts";
import type { LiveContainer } from "../containers/live-container.ts";
import { LineCutter } from "../containers/line-cutter.ts";
import { LogClock } from "../containers/log-clock.ts";
import { startFailed, started } from "../containers/state.ts";
import { StartError } from "../sandbox/sandbox.ts";
import { refuseDeviceRequests } from "./config/check-modes.ts";
import { emitContainerEvent, setState, timestamp, type EngineContext } from "./context.ts";
import { deviceMounts } from "./config/devices.ts";
import { etcFiles, writeEtcFiles } from "./files/etc-files.ts";
import { endRun } from "./life/exit.ts";
import { watchHealth } from "./life/health.ts";
import { linkedVariables } from "./endpoints/links.ts";
import { emitNetworkEvents } from "./endpoints/network-events.ts";
import { assertSharedNetworkRuns, networkRequest, sharedNetworkWith } from "./endpoints/network-request.ts";
import { removeLocked } from "./rm.ts";
import { joinedNamespaces, refusedSysctl, sharedMemory } from "./endpoints/shared-namespaces.ts";
import { sandboxOf } from "./config/runtimes.ts";
import { buildSpec } from "./config/spec.ts";
import { userOf } from "./files/user-files.ts";
import { emitVolumeEvents } from "./life/volume-events.ts";

/** `docker start`. */
export async function startContainer(context: EngineContext, ref: string): Promise<void> {
  const container = context.registry.get(ref);
  await container.serial.run(async () => {
    const { status } = container.state;
    if (status === "paused") throw new ConflictError("cannot start a paused container, try unpause instead");
    if (status === "running" || status === "restarting") throw new NotModifiedError(`Container ${container.id} is already running`);
    if (container.removed || status === "removing" || status === "dead") {
      throw new ConflictError("container is marked for removal and cannot be started");
    }
    container.update({ manuallyStopped: false, restartCount: 0 });
    container.backoff = 0;
    await startLocked(context, container);
  });
}

/** containerd's words before the runtime's. */
const SHIM_FAILED = "failed to create shim task: OCI runtime create failed: ";

/** Starts it within the container's own row of tasks. What goes wrong is kept as the container's error. */
export async function startLocked(context: EngineContext, container: LiveContainer): Promise<void> {
  try {
    await launch(context, container);
  } catch (error) {
    const exitCode = error instanceof StartError ? error.exitCode : 128;
    const worded = wordStartError(error);
    await setState(context, container, { state: startFailed(container.state, exitCode, worded.message) });
    container.streams.finish();
    if (container.record.hostConfig.AutoRemove) await removeLocked(context, container, { volumes: true });
    throw worded;
  }
}

async function launch(context: EngineContext, container: LiveContainer): Promise<void> {
  const { record } = container;
  const request = networkRequest(context, record);
  assertSharedNetworkRuns(context, request.mode);
  const sysctl = refusedSysctl(record);
  if (sysctl !== null) throw new InternalError(`${SHIM_FAILED}runc create failed: ${sysctl}: unknown`);
  refuseDeviceRequests(record.hostConfig);
  await using cleanup = new Cleanup();
  // None of the three waits for another; each is given back when one of them fails.
  const [rootfs, attachment, cgroup] = await settleAll(
    context.rootfs.acquire(record.id).then((mounted) => {
      cleanup.defer(() => mounted.release());
      return mounted;
    }),
    context.networks.attach(request).then((attached) => {
      cleanup.defer(async () => {
        await context.networks.detach(record.id);
        emitNetworkEvents(context, container, "disconnect");
        container.update({ networkSettings: context.networks.idleSettings(request) });
      });
      container.update({ networkSettings: attached.settings });
      emitNetworkEvents(context, container, "connect");
      return attached;
    }),
    context.cgroups.create(record.id, record.hostConfig).then((made) => {
      cleanup.defer(() => made.remove());
      return made;
    }),
  );
  const shared = sharedNetworkWith(context, record.hostConfig.NetworkMode ?? "");
  if (shared) {
    const { Hostname = "", Domainname = "" } = shared.config;
    container.update({ config: { ...record.config, Hostname, Domainname } });
  }
  const [user, files] = await Promise.all([
    userOf(record, rootfs.path, record.config.User ?? ""),
    shared
      ? etcFiles(context.store.folder(shared.id))
      : writeEtcFiles(context.store.folder(record.id), record.config, record.hostConfig, attachment),
  ]);
  const used = context.volumes.use(record.mounts, context.policy?.bindsWithin);
  cleanup.defer(() => used.release());
  const shm = sharedMemory(context, record);
  cleanup.defer(() => shm.release());
  emitVolumeEvents(context, container, "mount");
  cleanup.defer(() => emitVolumeEvents(context, container, "unmount"));
  const spec = buildSpec(container.record, {
    bindsWithin: context.policy?.bindsWithin,
    parts: used.parts,
    rootfs: rootfs.path,
    user,
    files,
    networkNamespace: attachment.namespacePath,
    join: joinedNamespaces(context, record),
    cgroups: cgroup.directories,
    linked: linkedVariables(context, container.record),
    mounts: [...deviceMounts(record.hostConfig), ...shm.mounts],
  });
  const process = await sandboxOf(context, record).start(spec, { openStdin: record.config.OpenStdin === true });
  cleanup.keep();
  void process.exited.then(() => {
    shm.release();
    used.release();
  });

  container.log.start();
  const lineClock = new LogClock(context.clock);
  const cutters = { stdout: new LineCutter("stdout"), stderr: new LineCutter("stderr") };
  const delivered = container.streams.connect(process, (name, chunk) => {
    return container.isLogged ? container.log.append(cutters[name].push(chunk, lineClock.next)) : undefined;
  });
  const run = { process, cgroup, spec, over: Promise.resolve(), since: context.clock.now().getTime() };
  const over = (async (): Promise<void> => {
    const status = await process.exited;
    await delivered;
    for (const cutter of container.isLogged ? [cutters.stdout, cutters.stderr] : []) void container.log.append(cutter.end(lineClock.next));
    await endRun(context, container, { status, rootfs, process, cgroup, since: run.since }, startLocked);
  })().catch((error: unknown) => complain(`the end of container ${record.id}`, error));
  container.run = { ...run, over };
  await setState(context, container, { state: started(container.state, process.pid, timestamp(context)) });
  emitContainerEvent(context, container, "start");
  watchHealth(context, container, process.exited);
}

/** To the engine's log: nobody waits for an answer. */
function complain(what: string, error: unknown): void {
  globalThis.process.stderr.write(`slipway: ${what}: ${messageOf(error)}\n`);
}

/** As Promise.all, but waits for all of them, so that what was made can be given back. */
async function settleAll<A, B, C>(a: Promise<A>, b: Promise<B>, c: Promise<C>): Promise<[A, B, C]> {
  await Promise.allSettled([a, b, c]);
  return await Promise.all([a, b, c]);
}

/** runc's and containerd's words around the sandbox's; 400 when it is the caller's program that is wrong. */
function wordStartError(error: unknown): Error {
  if (error instanceof SetupError)
    return new InternalError(
      `${SHIM_FAILED}runc create failed: unable to start container process: error during container init: ${error.message}: unknown`,
      { cause: error },
    );
  if (!(error instanceof StartError)) return error instanceof Error ? error : new InternalError(messageOf(error));
  const first = error.isWhole ? "" : "runc create failed: unable to start container process: ";
  const text = `${SHIM_FAILED}${first}${error.message}`;
  return error.exitCode === 128 ? new InternalError(text, { cause: error }) : new InvalidArgumentError(text, { cause: error });
}
