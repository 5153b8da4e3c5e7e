import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmdirSync } from "node:fs";
import { constants } from "node:os";
import { join } from "node:path";
import type { Duplex } from "node:stream";
import { Cleanup } from "../../base/cleanup.ts";
import type { ProcessSpec, RuntimeSpec } from "../../oci/runtime-spec.ts";
import { type Kernel, mountFlags } from "../kernel/kernel.ts";
import { inNamespaces, type NamespaceChange } from "../kernel/namespaces.ts";
import { encodeOps, type InitOp, initMessage } from "../kernel/ops.ts";
import { execOps } from "./process-ops.ts";
import type { ExitStatus, Sandbox, SandboxProcess } from "./sandbox.ts";
import { StartError } from "./sandbox.ts";
import { sandboxOps } from "./sandbox-ops.ts";
import { startErrorOf } from "./start-error.ts";
import { pipeStdio, type ProcessStdio, terminalStdio } from "./stdio.ts";

export interface LinuxSandboxOptions {
  /** For the mounts that outlive a start, on a tmpfs if possible. */
  readonly folder?: string;
  /** The program that performs the operations. */
  readonly init?: string;
}

/**
 * `Sandbox` by namespaces. A process is born by a spawn of this, the engine's main, thread while that stands in the process's pid namespace, so
 * that no helper lies between them: the child is the container's process 1, and its exit status comes straight to us.
 */
export class LinuxSandbox implements Sandbox {
  readonly #kernel: Kernel;
  readonly #folder: string;
  readonly #init: string;
  /** Where the devpts of each running container is mounted, by its process 1. */
  readonly #devpts = new Map<number, string>();

  constructor(kernel: Kernel, options: LinuxSandboxOptions = {}) {
    this.#kernel = kernel;
    this.#folder = options.folder ?? "/run/slipway/sandbox";
    this.#init = options.init ?? join(import.meta.dirname, "../kernel/init.pl");
  }

  async start(spec: RuntimeSpec, options: { readonly openStdin: boolean }): Promise<SandboxProcess> {
    await using cleanup = new Cleanup();
    const devpts = this.#mountDevpts();
    cleanup.defer(() => this.#unmountDevpts(devpts));
    const stdio = openStdio(spec.process, devpts, options.openStdin);
    const { pid: joined } = spec.linux.join;
    const ops = sandboxOps(absolutePaths(spec), { devpts, terminal: stdio.terminal });
    const started = await launch(this.#init, joined === undefined ? { pid: "new" } : { pid: { path: joined } }, ops, stdio);
    this.#devpts.set(started.pid, devpts);
    void started.exited.then(() => {
      this.#devpts.delete(started.pid);
      this.#unmountDevpts(devpts);
    });
    cleanup.keep();
    return started;
  }

  async exec(pid: number, spec: RuntimeSpec, process: ProcessSpec, options: { readonly openStdin: boolean }): Promise<SandboxProcess> {
    const devpts = this.#devpts.get(pid);
    if (devpts === undefined) throw new StartError("cannot exec in a stopped container: unknown", 126);
    const stdio = openStdio(process, devpts, options.openStdin);
    return await launch(this.#init, { pid: { path: `/proc/${pid}/ns/pid` } }, execOps(pid, spec, process, stdio.terminal), stdio);
  }

  #mountDevpts(): string {
    mkdirSync(this.#folder, { recursive: true });
    const target = mkdtempSync(join(this.#folder, "pts-"));
    const group = mapsGroup(5) ? ",gid=5" : "";
    this.#kernel.mount("devpts", target, "devpts", mountFlags.nosuid | mountFlags.noexec, `newinstance,ptmxmode=0666,mode=0620${group}`);
    return target;
  }

  #unmountDevpts(target: string): void {
    try {
      this.#kernel.unmount(target, { detach: true });
      rmdirSync(target);
    } catch {
      // Nobody waits for this; what is left goes with the engine's mount namespace.
    }
  }
}

/** Paths below /proc/self would be the new process's own. */
function absolutePaths(spec: RuntimeSpec): RuntimeSpec {
  const network = spec.linux.join.network.replace(/^\/proc\/self\//, `/proc/${process.pid}/`);
  return { ...spec, linux: { ...spec.linux, join: { ...spec.linux.join, network } } };
}

function openStdio(spec: ProcessSpec, devpts: string, openStdin: boolean): ProcessStdio {
  return spec.terminal ? terminalStdio(devpts, spec.consoleSize) : pipeStdio(openStdin);
}

async function launch(init: string, namespaces: NamespaceChange, ops: readonly InitOp[], stdio: ProcessStdio): Promise<SandboxProcess> {
  let child: ChildProcess;
  try {
    const message = initMessage(encodeOps(ops));
    child = inNamespaces(namespaces, () =>
      spawn("perl", ["-w", init], { stdio: [...stdio.child, "pipe"], cwd: "/", env: { PATH: process.env["PATH"] ?? "/usr/bin:/bin" } }),
    );
    (child.stdio[3] as Duplex).write(message);
  } catch (error) {
    stdio.destroy();
    throw error;
  } finally {
    stdio.release();
  }
  const exited = new Promise<ExitStatus>((resolve) => child.once("exit", (code, signal) => resolve(exitStatus(code, signal))));
  const failure = await firstLine(child);
  if (failure !== "") {
    stdio.destroy();
    await exited;
    throw startErrorOf(failure, ops);
  }
  return {
    pid: child.pid as number,
    stdin: stdio.stdin,
    stdout: stdio.stdout,
    stderr: stdio.stderr,
    exited,
    kill: (signal) => void child.kill(signal),
    resize: (size) => stdio.resize(size),
  };
}

/** What `init.pl` says on its control descriptor: nothing, when that was closed by a successful exec. */
function firstLine(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    const control = child.stdio[3] as Duplex;
    let text = "";
    child.once("error", reject);
    control.on("data", (chunk) => (text += String(chunk)));
    control.once("error", () => resolve(text.trimEnd()));
    control.once("end", () => {
      control.destroy();
      resolve(text.trimEnd());
    });
  });
}

function exitStatus(code: number | null, signal: NodeJS.Signals | null): ExitStatus {
  return { exitCode: code ?? 128 + (signal === null ? 0 : constants.signals[signal]), signal };
}

let groups: readonly (readonly number[])[] | undefined;

/** Whether this group has an id outside; where one id alone is mapped the terminal group has none. */
function mapsGroup(gid: number): boolean {
  groups ??= readFileSync("/proc/self/gid_map", "utf8")
    .trim()
    .split("\n")
    .map((line) => line.trim().split(/\s+/).map(Number));
  return groups.some(([inside = 0, , count = 0]) => gid >= inside && gid < inside + count);
}
