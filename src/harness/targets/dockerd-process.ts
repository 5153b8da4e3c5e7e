import { spawn } from "node:child_process";
import { access, open, readdir, readFile } from "node:fs/promises";
import { constants } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { UnixClient } from "../../docker/client/unix-client.ts";
import { removeCgroups } from "./remove-cgroups.ts";
import { TargetError } from "./target.ts";

/** A real engine of our own. */
export interface DockerdProcess {
  readonly socket: string;
  /** The daemon's pid, whose namespaces steps join. */
  readonly pid: number;
  /** Resolves, with the reason, when it ends without `stop`. */
  readonly died: Promise<string>;
  stop(): Promise<void>;
}

const START_LIMIT_MS = 60_000;
const STOP_LIMIT_MS = 15_000;

// dockerd would join a containerd that it finds in /run, and put its shims there, so it gets a /run of its own;
// a fresh network namespace has its loopback down: SIOCSIFFLAGS, IFF_UP | IFF_RUNNING.
const IN_NAMESPACES = String.raw`
mount -t tmpfs tmpfs /run || exit 1
perl -e 'use Socket; socket(S, AF_INET, SOCK_DGRAM, 0) or die "$!\n"; my $r = pack("Z16 s", "lo", 0x41); ioctl(S, 0x8914, $r) or die "$!\n"' || exit 1
exec "$@"`;

/** The engines that we can start, as far as they differ: Debian's package, and the command line by which one serves `socket`. */
const DAEMONS = {
  dockerd: {
    from: "docker.io",
    argv: (directory: string, socket: string, cgroup: string, _runtime: string | null): readonly string[] => [
      "dockerd",
      `--data-root=${join(directory, "data")}`,
      `--exec-root=${join(directory, "exec")}`,
      `--pidfile=${join(directory, "pid")}`,
      `--host=unix://${socket}`,
      `--cgroup-parent=${cgroup}`,
    ],
  },
  podman: {
    from: "podman",
    argv: (directory: string, socket: string, _cgroup: string, runtime: string | null): readonly string[] => [
      "podman",
      ...(runtime === null ? [] : [`--runtime=${runtime}`]),
      `--root=${join(directory, "data")}`,
      // At most 50 characters; /run is its own.
      "--runroot=/run/containers",
      "--cgroup-manager=cgroupfs",
      "system",
      "service",
      "--time=0",
      `unix://${socket}`,
    ],
  },
} as const;

/** Podman's containers live in cgroups below this one, which nothing can change, and which stays. */
const PODMAN_CGROUP = "libpod_parent";

/** A real engine that we can start. */
export type DaemonKind = keyof typeof DAEMONS;

/**
 * Starts a dockerd, or podman's service, whose data, network, processes and mounts are its own: in namespaces which end with it, and it with us.
 * `directory` holds its data, log and socket; `cgroup` names the cgroup that dockerd's containers live in.
 * Throws TargetError with the end of its log when it does not come up.
 */
export async function startDaemon(kind: DaemonKind, directory: string, cgroup: string, signal: AbortSignal): Promise<DockerdProcess> {
  const { from, argv } = DAEMONS[kind];
  if (process.getuid?.() !== 0) throw new TargetError(`${kind} must be started by root: run as root, or set DOCKER_HOST to one that runs`);
  if (!(await onPath(kind))) throw new TargetError(`there is no ${kind} here: install ${from}, or set DOCKER_HOST to one that runs`);
  const socket = join(directory, "docker.sock");
  const logFile = join(directory, "daemon.log");
  const log = await open(logFile, "a");
  const isFirstPodman = kind === "podman" && !(await hasCgroup(PODMAN_CGROUP));
  const namespaces = ["--mount", "--net", "--ipc", "--pid", "--fork", "--kill-child", "--mount-proc", "--propagation", "private"];
  const daemon = ["sh", "-c", IN_NAMESPACES, "sh", ...argv(directory, socket, cgroup, await runtimeForPodman())];
  const child = spawn("setpriv", ["--pdeathsig", "KILL", "--", "unshare", ...namespaces, "--", ...daemon], {
    stdio: ["ignore", log.fd, log.fd],
    detached: true,
    env: { ...process.env, PATH: searched().join(":") },
  });
  const exited = new Promise<string>((resolve) => {
    child.once("error", (error) => resolve(error.message));
    child.once("exit", (code, signal) => resolve(`${kind} ended with ${signal ?? `exit code ${code}`}`));
  });
  await log.close();
  let stopping = false;
  const died = new Promise<string>((resolve) => {
    void exited.then(async (reason) => {
      if (!stopping) resolve(`${reason}: ${await lastLines(logFile)}`);
    });
  });
  const stop = async (): Promise<void> => {
    stopping = true;
    const daemon = child.pid === undefined ? null : await onlyChild(child.pid);
    if (daemon !== null) kill(daemon, "SIGTERM");
    const patience = new AbortController();
    await Promise.race([exited, sleep(daemon === null ? 0 : STOP_LIMIT_MS, null, { signal: patience.signal }).catch(() => null)]);
    patience.abort();
    // The daemon is process 1 of its namespace: with it goes everything.
    if (child.pid !== undefined) kill(child.pid, "SIGKILL");
    await exited;
    await removeCgroups(cgroup);
    if (isFirstPodman) await removeCgroups(PODMAN_CGROUP);
  };
  try {
    await Promise.race([listening(kind, socket, signal), died.then((reason) => Promise.reject(new TargetError(reason)))]);
    const pid = child.pid === undefined ? null : await onlyChild(child.pid);
    if (pid === null) throw new TargetError(`${kind} ended while it started`);
    return { socket, pid, died, stop };
  } catch (error) {
    await stop();
    signal.throwIfAborted();
    throw error;
  }
}

async function hasCgroup(name: string): Promise<boolean> {
  const hierarchies = ["", ...(await readdir("/sys/fs/cgroup").catch(() => []))];
  const found = await Promise.all(hierarchies.map((hierarchy) => exists(join("/sys/fs/cgroup", hierarchy, name))));
  return found.includes(true);
}

async function exists(path: string): Promise<boolean> {
  return await access(path).then(
    () => true,
    () => false,
  );
}

/** crun, podman's first choice, refuses hosts where some cgroup controllers are of version 1 and some of 2; runc does not. Null: its own choice. */
async function runtimeForPodman(): Promise<string | null> {
  const isVersion2 = await exists("/sys/fs/cgroup/cgroup.controllers");
  return !isVersion2 && (await onPath("runc")) ? "runc" : null;
}

async function listening(kind: DaemonKind, socket: string, signal: AbortSignal): Promise<void> {
  const client = new UnixClient(`unix://${socket}`);
  const limit = performance.now() + START_LIMIT_MS;
  for (;;) {
    try {
      await client.ping(signal);
      return;
    } catch (error) {
      signal.throwIfAborted();
      if (performance.now() > limit) throw new TargetError(`${kind} did not answer in a minute`, { cause: error });
      await sleep(50);
    }
  }
}

async function onlyChild(pid: number): Promise<number | null> {
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, "latin1").catch(() => "");
  const first = Number.parseInt(children, 10);
  return Number.isNaN(first) ? null : first;
}

async function lastLines(file: string): Promise<string> {
  const lines = (await readFile(file, "utf8").catch(() => "")).trimEnd().split("\n");
  return lines.slice(-3).join(" | ");
}

/** Folders of programs: an ordinary user's PATH lacks those where daemons are. */
function searched(): readonly string[] {
  return (process.env["PATH"] ?? "").split(":").concat("/usr/sbin", "/sbin");
}

async function onPath(program: string): Promise<boolean> {
  for (const directory of searched()) {
    const found = await access(join(directory, program), constants.X_OK).then(
      () => true,
      () => false,
    );
    if (found) return true;
  }
  return false;
}

function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It is gone already.
  }
}
