import {
  ConflictError,
  ForbiddenError,
  InternalError,
  InvalidArgumentError,
  messageOf,
  NotFoundError,
  SlipwayError,
} from "../../base/errors.ts";
import { randomId } from "../../base/ids.ts";
import type { StreamIo, StreamSession } from "../../docker/api/engine.ts";
import type { ExecCreateRequest, ExecInspect } from "../../docker/api/types.ts";
import { parseDetachKeys } from "../containers/detach-keys.ts";
import type { LiveContainer } from "../containers/live-container.ts";
import { SessionStreams } from "../containers/session-streams.ts";
import { isAlive } from "../containers/state.ts";
import { StartError, type SandboxProcess } from "../sandbox/sandbox.ts";
import { emitContainerEvent, type EngineContext } from "./context.ts";
import { commandText } from "./life/exec-events.ts";
import { linkedVariables } from "./endpoints/links.ts";
import { resolveInRootfs } from "./files/scoped-path.ts";
import { sandboxOf } from "./config/runtimes.ts";
import { processOf } from "./config/spec.ts";
import { userOf } from "./files/user-files.ts";
import { writeFully } from "./write-fully.ts";

/** One `docker exec`, from its creation until it has been over for a while. */
export interface ExecInstance {
  readonly id: string;
  readonly containerId: string;
  readonly request: ExecCreateRequest;
  readonly detachKeys: Buffer;
  readonly streams: SessionStreams;
  process: SandboxProcess | null;
  status: "created" | "running" | "ended";
  exitCode: number | null;
  pid: number;
}

/** What a process that could not be started counts as having ended with. */
const cannotExec = 126;
const forgetAfterMs = 5 * 60_000;

export async function createExec(context: EngineContext, containerRef: string, request: ExecCreateRequest): Promise<{ Id: string }> {
  const container = context.registry.get(containerRef);
  assertTakesExec(container, containerRef);
  if (context.policy && request.Privileged === true)
    throw new ForbiddenError("a privileged exec is refused: this engine grades submissions");
  if ((request.Cmd ?? []).length === 0) throw new InvalidArgumentError("No exec command specified");
  const id = randomId();
  const exec: ExecInstance = {
    id,
    containerId: container.id,
    request,
    detachKeys: parseDetachKeys(request.DetachKeys ?? "", "escape"),
    streams: new SessionStreams({ openStdin: request.AttachStdin === true }),
    process: null,
    status: "created",
    exitCode: null,
    pid: 0,
  };
  context.execs.set(id, exec);
  emitContainerEvent(context, container, `exec_create: ${commandText(exec.request.Cmd ?? [])}`, { execID: id });
  return { Id: id };
}

/** `docker exec -d`: resolves when it runs. */
export async function startExecDetached(context: EngineContext, id: string): Promise<void> {
  const { exec, container } = claim(context, id);
  await launch(context, container, exec, null);
}

/** The session starts the process when it is run; what prevents that is told in its output, as the answer's status is sent by then. */
export async function startExec(
  context: EngineContext,
  id: string,
  options: { readonly tty: boolean; readonly consoleSize: { readonly height: number; readonly width: number } | null },
): Promise<StreamSession> {
  const { exec, container } = claim(context, id);
  return { tty: exec.request.Tty === true, run: (io) => runSession(context, container, exec, options.consoleSize, io) };
}

async function runSession(
  context: EngineContext,
  container: LiveContainer,
  exec: ExecInstance,
  consoleSize: { readonly height: number; readonly width: number } | null,
  io: StreamIo,
): Promise<void> {
  const { request } = exec;
  const tty = request.Tty === true;
  const session = exec.streams.run({
    stdin: request.AttachStdin ? io.stdin : null,
    stdout: request.AttachStdout ? io.stdout : null,
    stderr: request.AttachStderr && !tty ? io.stderr : null,
    signal: io.signal,
    detachKeys: tty ? exec.detachKeys : null,
    closesInput: !tty,
  });
  try {
    await launch(context, container, exec, consoleSize);
  } catch (error) {
    await writeFully(io.stdout, `${messageOf(error)}\r\n`, io.signal);
    return;
  }
  if ((await session) === "detached") emitContainerEvent(context, container, "exec_detach", { execID: exec.id });
}

/** Takes the exec for starting: each starts once. */
function claim(context: EngineContext, id: string): { exec: ExecInstance; container: LiveContainer } {
  const exec = getExec(context, id);
  if (exec.status === "ended") throw new ConflictError(`Error: Exec command ${id} has already run`);
  if (exec.status === "running") throw new ConflictError(`Error: Exec command ${id} is already running`);
  const container = context.registry.get(exec.containerId);
  assertTakesExec(container, container.id);
  exec.status = "running";
  return { exec, container };
}

async function launch(
  context: EngineContext,
  container: LiveContainer,
  exec: ExecInstance,
  consoleSize: { readonly height: number; readonly width: number } | null,
): Promise<void> {
  emitContainerEvent(context, container, `exec_start: ${commandText(exec.request.Cmd ?? [])}`, { execID: exec.id });
  try {
    const process = await startProcess(context, container, exec.request, consoleSize);
    exec.process = process;
    exec.pid = process.pid;
  } catch (error) {
    exec.status = "ended";
    exec.exitCode = cannotExec;
    exec.streams.finish();
    throw wordExecError(error);
  }
  container.execs.add(exec.id);
  void supervise(context, container, exec, exec.process);
}

/** Starts another process in the container. @throws StartError */
export async function startProcess(
  context: EngineContext,
  container: LiveContainer,
  request: ExecCreateRequest,
  consoleSize: { readonly height: number; readonly width: number } | null,
): Promise<SandboxProcess> {
  const { run, record } = container;
  if (!run) throw new ConflictError(`Container ${container.id} is not running`);
  const user = await userOf(record, run.spec.root.path, request.User || record.config.User || "");
  const size = consoleSize ?? (request.ConsoleSize ? { height: request.ConsoleSize[0], width: request.ConsoleSize[1] } : null);
  const spec = processOf(record, {
    user,
    tty: request.Tty === true,
    args: request.Cmd ?? [],
    env: request.Env ?? [],
    linked: linkedVariables(context, record),
    privileged: request.Privileged === true,
    consoleSize: size,
    ...(request.WorkingDir && { cwd: request.WorkingDir }),
  });
  if (request.WorkingDir) await assertDirectory(container, request.WorkingDir);
  return await sandboxOf(context, record).exec(run.process.pid, run.spec, spec, { openStdin: request.AttachStdin === true });
}

/** exec, unlike create, does not make the working directory. */
async function assertDirectory({ run }: LiveContainer, cwd: string): Promise<void> {
  if (!run) return;
  if (!cwd.startsWith("/")) throw new InvalidArgumentError("OCI runtime exec failed: exec failed: Cwd must be an absolute path: unknown");
  const { stat } = await resolveInRootfs(`/proc/${run.process.pid}/root`, cwd);
  const why = stat === null ? "no such file or directory" : stat.isDirectory() ? null : "not a directory";
  if (why !== null) throw new StartError(`chdir to cwd ("${cwd}") set in config.json failed: ${why}: unknown`, 126);
}

async function supervise(context: EngineContext, container: LiveContainer, exec: ExecInstance, process: SandboxProcess): Promise<void> {
  const delivered = exec.streams.connect(process);
  const { exitCode } = await process.exited;
  await delivered;
  exec.exitCode = exitCode;
  exec.status = "ended";
  exec.process = null;
  container.execs.delete(exec.id);
  emitContainerEvent(context, container, "exec_die", { execID: exec.id, exitCode: String(exitCode) });
  exec.streams.finish();
  // Whoever asked for it has read its exit code by then; dockerd forgets them as late.
  setTimeout(() => context.execs.delete(exec.id), forgetAfterMs).unref();
}

export function resizeExec(context: EngineContext, id: string, size: { readonly height: number; readonly width: number }): void {
  const exec = getExec(context, id);
  if (!exec.process) throw new ConflictError(`exec process is not running: ${id}`);
  exec.process.resize(size);
}

export function inspectExec(context: EngineContext, id: string): ExecInspect {
  const exec = getExec(context, id);
  const { request } = exec;
  const [entrypoint = "", ...args] = request.Cmd ?? [];
  return {
    ID: id,
    Running: exec.status === "running" && exec.process !== null,
    ExitCode: exec.exitCode,
    ProcessConfig: {
      tty: request.Tty === true,
      entrypoint,
      arguments: args,
      privileged: request.Privileged === true,
      ...(request.User && { user: request.User }),
    },
    OpenStdin: request.AttachStdin === true,
    OpenStderr: request.AttachStderr === true,
    OpenStdout: request.AttachStdout === true,
    CanRemove: false,
    ContainerID: exec.containerId,
    DetachKeys: exec.request.DetachKeys ?? "",
    Pid: exec.pid,
  };
}

function getExec(context: EngineContext, id: string): ExecInstance {
  const exec = context.execs.get(id);
  if (!exec) throw new NotFoundError(`No such exec instance: ${id}`);
  return exec;
}

function assertTakesExec(container: LiveContainer, ref: string): void {
  const { status } = container.state;
  if (status === "paused") throw new ConflictError(`Container ${ref} is paused, unpause the container before exec`);
  if (status === "restarting") throw new ConflictError(`Container ${ref} is restarting, wait until the container is running`);
  if (!isAlive(container.state)) throw new ConflictError(`Container ${container.id} is not running`);
}

function wordExecError(error: unknown): Error {
  if (error instanceof SlipwayError) return error;
  if (!(error instanceof StartError)) return new InternalError(messageOf(error), { cause: error });
  const first = error.isWhole ? "" : "exec failed: unable to start container process: ";
  const text = `OCI runtime exec failed: ${first}${error.message}`;
  return error.exitCode === 128 ? new InternalError(text) : new InvalidArgumentError(text);
}
