import { execFileSync, spawn, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** A real dockerd with a data root of its own. */
export interface Dockerd {
  readonly socket: string;
  /** What stands before a command that shall run where its networks and ports are. */
  readonly enter: readonly string[];
  readonly stop: () => Promise<void>;
}

/** Why no real dockerd can be started here, or null when it can. */
export function whyNoDockerd(): string | null {
  if (process.getuid?.() !== 0) return "dockerd needs root";
  try {
    execFileSync("sh", ["-c", "command -v dockerd && command -v docker"], { stdio: "ignore" });
    return null;
  } catch {
    return "dockerd and docker are not installed";
  }
}

/**
 * Starts dockerd in a fresh folder and waits until it answers. In a network of its own it shares no bridge, port or firewall with other
 * daemons, which two that start at once could not agree on; it reaches nothing but itself.
 */
export async function startDockerd(): Promise<Dockerd> {
  const folder = await mkdtemp(join(tmpdir(), "dd-"));
  const socket = join(folder, "docker.sock");
  // containerd leaves its stack dumps in TMPDIR when it is ended by a signal; they shall go with the folder.
  await mkdir(join(folder, "tmp"));
  const daemon = spawn(
    "unshare",
    [
      "--net",
      "sh",
      "-c",
      'ip link set lo up; exec "$@"',
      "-",
      "dockerd",
      "--data-root",
      join(folder, "data"),
      "--exec-root",
      join(folder, "exec"),
      "-H",
      `unix://${socket}`,
      "-p",
      join(folder, "pid"),
    ],
    { stdio: ["ignore", "ignore", "pipe"], env: { ...process.env, TMPDIR: join(folder, "tmp") } },
  );
  let log = "";
  daemon.stderr.setEncoding("utf8").on("data", (text: string) => (log = (log + text).slice(-20_000)));
  const exited = new Promise<void>((resolve) => daemon.once("exit", () => resolve()));
  const stop = async (): Promise<void> => {
    const pid = existsSync(join(folder, "pid")) ? Number(await readFile(join(folder, "pid"), "utf8")) : daemon.pid;
    if (pid !== undefined && daemon.exitCode === null) process.kill(pid, "SIGTERM");
    await exited;
    // With `--network host` it mounts its own namespace there, and leaves it.
    for (const name of await readdir(join(folder, "exec/netns")).catch(() => [])) {
      spawnSync("umount", ["-l", join(folder, "exec/netns", name)], { stdio: "ignore" });
    }
    await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  };
  for (let tries = 0; tries < 600 && daemon.exitCode === null; tries++) {
    if (await answers(socket)) return { socket, stop, enter: ["nsenter", `--net=/proc/${daemon.pid}/ns/net`] };
    await sleep(100);
  }
  await stop();
  throw new Error(`dockerd did not start:\n${log}`);
}

async function answers(socketPath: string): Promise<boolean> {
  return new Promise((resolve) => {
    const ping = request({ socketPath, path: "/_ping", agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    ping.on("error", () => resolve(false));
    ping.end();
  });
}
