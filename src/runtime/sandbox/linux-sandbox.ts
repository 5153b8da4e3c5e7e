import { mkdirSync, mkdtempSync, rmdirSync } from "node:fs";
import { join } from "node:path";
import { Cleanup } from "../../base/cleanup.ts";
import type { ProcessSpec, RuntimeSpec } from "../../oci/runtime-spec.ts";
import { type Kernel, mountFlags } from "../kernel/kernel.ts";
import type { NamespaceChange } from "../kernel/namespaces.ts";
import type { InitOp } from "../kernel/ops.ts";
import { mapsGroup } from "./id-map.ts";
import { type InitProcess, spawnInit } from "./init-process.ts";
import { execOps } from "./process-ops.ts";
import type { Sandbox, SandboxContainer, SandboxProcess } from "./sandbox.ts";
import { StartError } from "./sandbox.ts";
import { absolutePaths, sandboxOps } from "./sandbox-ops.ts";
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

  async start(spec: RuntimeSpec, options: { readonly openStdin: boolean }): Promise<SandboxContainer> {
    await using cleanup = new Cleanup();
    const devpts = this.#mountDevpts();
    cleanup.defer(() => this.#unmountDevpts(devpts));
    const stdio = openStdio(spec.process, devpts, options.openStdin);
    const { pid: joined } = spec.linux.join;
    const ops = sandboxOps(absolutePaths(spec), { devpts, terminal: stdio.terminal });
    const started = await launch(this.#init, joined === undefined ? { pid: "new" } : { pid: { path: joined } }, ops, stdio);
    this.#devpts.set(started.pid, devpts);
    void started.exited.then(() => this.#devpts.delete(started.pid));
    cleanup.keep();
    return { ...started, release: async () => this.#unmountDevpts(devpts) };
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
      // What is left goes with the engine's mount namespace.
    }
  }
}

function openStdio(spec: ProcessSpec, devpts: string, openStdin: boolean): ProcessStdio {
  return spec.terminal ? terminalStdio(devpts, spec.consoleSize) : pipeStdio(openStdin);
}

async function launch(init: string, namespaces: NamespaceChange, ops: readonly InitOp[], stdio: ProcessStdio): Promise<SandboxProcess> {
  let started: InitProcess;
  try {
    started = spawnInit(init, namespaces, ops, stdio.child);
  } catch (error) {
    stdio.destroy();
    throw error;
  } finally {
    stdio.release();
  }
  const { child, exited } = started;
  const failure = await said(started);
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
function said({ child, control }: InitProcess): Promise<string> {
  return new Promise((resolve, reject) => {
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
