import { execFile } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Duplex } from "node:stream";
import { promisify } from "node:util";
import { Cleanup } from "../../base/cleanup.ts";
import { randomId } from "../../base/ids.ts";
import type { MountSpec, ProcessSpec, RuntimeSpec } from "../../oci/runtime-spec.ts";
import { cloneFlags, type InitOp } from "../kernel/ops.ts";
import { Pidfd } from "../kernel/pidfd.ts";
import { withDefaults } from "./default-mounts.ts";
import { mapsGroup } from "./id-map.ts";
import { spawnInit } from "./init-process.ts";
import { ociConfig, ociProcessFile } from "./oci-config.ts";
import type { OciRuntime } from "./oci-runtimes.ts";
import { enterCgroups, hasUnifiedCgroup } from "./process-ops.ts";
import { type Sandbox, type SandboxContainer, type SandboxProcess, StartError } from "./sandbox.ts";
import { absolutePaths, openOutside } from "./sandbox-ops.ts";
import { exitCodeOf, startErrorOf } from "./start-error.ts";
import { masterStreams, pipeStdio } from "./stdio.ts";

const TTY_GROUP = 5;

/** A container, as the runtime knows it. */
interface Made {
  readonly id: string;
  readonly folder: string;
}

/**
 * `Sandbox` by an OCI runtime, which is given a bundle: `create`, `start`, `exec` and `delete` of its command line (runtime-spec runtime.md). It runs in the
 * engine's own namespaces, with no privilege on the host. A process of `init.pl` is the parent of each process, since the runtime leaves it behind.
 */
export class OciSandbox implements Sandbox {
  readonly #runtime: OciRuntime;
  readonly #folder: string;
  readonly #init: string;
  /** By the container's process 1. */
  readonly #made = new Map<number, Made>();

  constructor(runtime: OciRuntime, options: { readonly folder?: string; readonly init?: string } = {}) {
    this.#runtime = runtime;
    this.#folder = join(options.folder ?? "/run/slipway/sandbox", `oci-${runtime.name}`);
    this.#init = options.init ?? join(import.meta.dirname, "../kernel/init.pl");
  }

  async start(relative: RuntimeSpec, options: { readonly openStdin: boolean }): Promise<SandboxContainer> {
    const spec = absolutePaths(relative);
    if (spec.process.init === true && this.#runtime.init === null) {
      throw new StartError(
        `exec: "docker-init": executable file not found in $PATH: ${this.#runtime.name} needs a static init program`,
        127,
      );
    }
    const id = shortId();
    const made = { id, folder: join(this.#folder, id) };
    await using cleanup = new Cleanup();
    mkdirSync(join(made.folder, "binds"), { recursive: true, mode: 0o700 });
    cleanup.defer(() => this.#delete(made));
    const outside = withDefaults(spec).filter(({ type, fromUser }) => type === "bind" && fromUser === true);
    const binds = outside.map((_, index) => join(made.folder, "binds", String(index)));
    const config = ociConfig(spec, {
      binds,
      cgroupsPath: this.#cgroupsPath(spec),
      init: this.#runtime.init,
      ttyGroup: mapsGroup(TTY_GROUP) ? TTY_GROUP : null,
    });
    writeFileSync(join(made.folder, "config.json"), config, { mode: 0o600 });
    const started = await this.#launch(made, spec, spec.process, options, {
      verb: ["create", "--bundle", made.folder],
      start: this.#command("start.log", made, ["start", id]),
      before: stage(outside, binds),
    });
    this.#made.set(started.pid, made);
    void started.exited.then(() => this.#made.delete(started.pid));
    cleanup.keep();
    return { ...started, release: () => this.#delete(made) };
  }

  async exec(pid: number, spec: RuntimeSpec, process: ProcessSpec, options: { readonly openStdin: boolean }): Promise<SandboxProcess> {
    const made = this.#made.get(pid);
    if (made === undefined) throw new StartError("cannot exec in a stopped container: unknown", 126);
    const file = join(made.folder, `${shortId()}.json`);
    writeFileSync(file, ociProcessFile(process), { mode: 0o600 });
    try {
      return await this.#launch(made, spec, process, options, { verb: ["exec", "--detach", "--process", file], start: [], before: [] });
    } finally {
      rmSync(file, { force: true });
    }
  }

  /** Lets the runtime leave a process behind, takes its terminal, and lets it go. @throws StartError in the runtime's words. */
  async #launch(
    made: Made,
    spec: RuntimeSpec,
    process: ProcessSpec,
    { openStdin }: { readonly openStdin: boolean },
    how: { readonly verb: readonly string[]; readonly start: readonly string[]; readonly before: readonly InitOp[] },
  ): Promise<SandboxProcess> {
    const mark = shortId();
    const place = (name: string): string => join(made.folder, `${mark}.${name}`);
    const socket = process.terminal ? place("sock") : "";
    const pipes = process.terminal ? null : pipeStdio(openStdin);
    const terminal = process.terminal ? ["--console-socket", socket] : [];
    const words = [...how.verb, "--pid-file", place("pid"), ...terminal, made.id];
    const ops: readonly InitOp[] = [
      { op: "supervise", pidFile: place("pid"), console: socket, start: how.start },
      { op: "unshare", flags: cloneFlags.mount },
      { op: "propagation", kind: "slave" },
      ...this.#hideOtherTree(),
      ...how.before,
      ...(this.#runtime.managesCgroups || hasUnifiedCgroup(spec) ? [] : enterCgroups(spec.linux.cgroups)),
      {
        op: "exec",
        args: this.#command(`${mark}.log`, made, words),
        env: [`PATH=${globalThis.process.env["PATH"] ?? "/usr/sbin:/usr/bin"}`],
      },
    ];
    let shim;
    try {
      shim = spawnInit(this.#init, {}, ops, pipes === null ? ["ignore", "ignore", "ignore"] : pipes.child);
    } catch (error) {
      pipes?.destroy();
      throw error;
    } finally {
      pipes?.release();
    }
    const { child, control, exited } = shim;
    const lines = new Lines(control);
    const answer = await lines.next();
    const created = /^created\0(\d+)\0(-?\d+)$/.exec(answer);
    if (created === null) {
      pipes?.destroy();
      await exited;
      throw answer === "" ? this.#refusal(place("log")) : startErrorOf(answer, ops);
    }
    const pid = Number(created[1]);
    const held = new Pidfd(pid);
    void exited.then(() => held.close());
    const streams = pipes ?? masterStreams(copyOf(child.pid as number, Number(created[2])), process.consoleSize);
    // No signal is sent by a closed descriptor.
    let isOver = false;
    void exited.then(() => (isOver = true));
    control.write("\n");
    await lines.ended;
    if (how.start.length > 0) {
      const failure = this.#loggedError(join(made.folder, "start.log"));
      if (failure !== null) {
        streams.destroy();
        await exited;
        throw refused(failure);
      }
    }
    return {
      pid,
      stdin: streams.stdin,
      stdout: streams.stdout,
      stderr: streams.stderr,
      exited,
      kill: (signal) => {
        if (!isOver) held.signal(signal);
      },
      resize: (size) => streams.resize(size),
    };
  }

  #command(log: string, made: Made, words: readonly string[]): readonly string[] {
    const { program, options } = this.#runtime;
    const own = ["--root", join(this.#folder, "state"), "--log", join(made.folder, log), "--log-format", "json"];
    return [program, ...own, ...options, ...words];
  }

  /** Version 1: relative to the engine's own cgroup, beside which the keeper made the root's; version 2: the folder itself. */
  #cgroupsPath(spec: RuntimeSpec): string | null {
    const [first] = spec.linux.cgroups;
    if (first === undefined) return null;
    if (hasUnifiedCgroup(spec)) return first.replace("/sys/fs/cgroup", "");
    return this.#runtime.managesCgroups ? first.split("/").slice(-2).join("/") : null;
  }

  /** crun takes a host for one of version 2 in part when that tree, which has no controllers here, is mounted too. */
  #hideOtherTree(): readonly InitOp[] {
    if (this.#runtime.managesCgroups) return [];
    return [
      { op: "make_fs", id: "unified", type: "tmpfs", attributes: 0, options: ["mode=755"], optional: true },
      { op: "attach", id: "unified", destination: "/sys/fs/cgroup/unified", optional: true },
    ];
  }

  #refusal(log: string): StartError {
    return refused(this.#loggedError(log) ?? `${this.#runtime.program} failed and said nothing`);
  }

  /** The last error in a log of `--log-format json`. */
  #loggedError(log: string): string | null {
    let text: string;
    try {
      text = readFileSync(log, "utf8");
    } catch {
      return null;
    }
    const errors = text.split("\n").flatMap((line) => {
      try {
        const { level, msg } = JSON.parse(line) as { level?: string; msg?: string };
        return level === "error" || level === "fatal" ? [msg ?? ""] : [];
      } catch {
        return [];
      }
    });
    return errors.at(-1) ?? null;
  }

  /** What the runtime keeps of a container that has ended, its cgroups too. What is left goes with the engine. */
  async #delete(made: Made): Promise<void> {
    const [program = "", ...args] = this.#command("delete.log", made, ["delete", "--force", made.id]);
    await promisify(execFile)(program, args).catch(() => undefined);
    rmSync(made.folder, { recursive: true, force: true });
  }
}

/** The path of a socket has no more than 107 bytes (unix(7)). */
function shortId(): string {
  return randomId().slice(0, 12);
}

function refused(words: string): StartError {
  return new StartError(`${words}: unknown`, exitCodeOf(words), { isWhole: true });
}

/** Opens what users bind as our own sandbox does, and puts it where the bundle says, in a mount namespace that is the runtime's alone. */
function stage(mounts: readonly MountSpec[], places: readonly string[]): readonly InitOp[] {
  return mounts.flatMap((mount, index): readonly InitOp[] => [
    openOutside({ ...mount, options: mount.options.filter((option) => option !== "ro") }, `bind-${index}`),
    { op: "attach", id: `bind-${index}`, destination: places[index] ?? "" },
  ]);
}

function copyOf(pid: number, fd: number): number {
  const shim = new Pidfd(pid);
  try {
    return shim.descriptor(fd);
  } finally {
    shim.close();
  }
}

/** What the shim says, a line at a time. */
class Lines {
  readonly ended: Promise<void>;
  readonly #first: Promise<string>;

  constructor(control: Duplex) {
    let text = "";
    let resolveFirst: (line: string) => void = () => undefined;
    this.#first = new Promise((resolve) => (resolveFirst = resolve));
    this.ended = new Promise((resolve) => {
      const end = (): void => {
        resolveFirst(text.trimEnd());
        control.destroy();
        resolve();
      };
      control.once("error", end);
      control.once("end", end);
    });
    control.on("data", (chunk) => {
      text += String(chunk);
      if (text.includes("\n")) resolveFirst(text.slice(0, text.indexOf("\n")));
    });
  }

  /** The first line; "" when there is none. */
  async next(): Promise<string> {
    return await this.#first;
  }
}
