import { execa } from "execa";
import { constants } from "node:os";
import type { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { TargetError } from "../targets/target.ts";
import { endGroup, killMarked, membersOf, signalOne, STEP_MARKER } from "../targets/process-group.ts";
import { CapturedOutput, type CapturedText } from "./captured-output.ts";

/** A program that a step runs. */
export interface StepProcessRequest {
  /** The whole command, the joining of namespaces included. */
  readonly argv: readonly [string, ...string[]];
  /** All of its environment: nothing of ours is added. */
  readonly env: Readonly<Record<string, string>>;
  /** Its whole input, or null to write it bit by bit. */
  readonly stdin: string | Uint8Array | null;
  /** By which its processes are found, also those that it leaves behind. */
  readonly marker: string;
  /** Of both streams together; more ends it as a signal would. Null for no limit. */
  readonly outputBytes?: number | null;
  /** The command that ends what hides from us; null when there is none. */
  readonly endSteps?: readonly [string, ...string[]] | null;
}

export interface StepProcessEnd {
  /** 128+n after signal n, as a shell shows it. */
  readonly exitCode: number;
  readonly stdout: CapturedText;
  readonly stderr: CapturedText;
}

/** After the program ended, a background child may hold its output open: we read on while bytes still come, but not longer than this. */
const DRAIN_LIMIT_MS = 2_000;
const DRAIN_QUIET_MS = 100;
/** In so many turns: of a busy host we may get none for as long, and bytes that are there are read between two turns. */
const DRAIN_TURNS = 10;

/** A running program in its own process group, whose output is captured. */
export class StepProcess {
  readonly #child;
  readonly #marker: string;
  /** The program that was started joins namespaces, and runs the step's in them. */
  readonly #isJoined: boolean;
  readonly #stdout = new CapturedOutput();
  readonly #stderr = new CapturedOutput();
  readonly #exited: Promise<number>;
  /** Both streams are at their end, with everything read. */
  readonly #closed: Promise<"closed">;
  #listener: (chunk: Buffer) => void = () => undefined;
  #lastByteAt = performance.now();
  #ending: Promise<void> | null = null;
  #outputLeft: number;
  readonly #endSteps: readonly [string, ...string[]] | null;

  constructor(request: StepProcessRequest) {
    const [file, ...args] = request.argv;
    this.#marker = request.marker;
    this.#outputLeft = request.outputBytes ?? Infinity;
    this.#endSteps = request.endSteps ?? null;
    this.#isJoined = !file.endsWith("/sh");
    this.#child = execa(file, args, {
      env: { ...request.env, [STEP_MARKER]: request.marker },
      extendEnv: false,
      detached: true,
      buffer: false,
      reject: false,
      cwd: "/",
      ...(request.stdin === null ? { stdin: "pipe" as const } : { input: request.stdin }),
    });
    this.#child.stdin?.on("error", () => undefined);
    this.#read(this.#child.stdout, this.#stdout, true);
    this.#read(this.#child.stderr, this.#stderr, false);
    this.#exited = new Promise((resolve, reject) => {
      this.#child.once("error", reject);
      this.#child.once("exit", (code, signal) => {
        // By this alone `enter` tells that the command could not even begin (runtime/launch/enter.pl).
        if (signal === "SIGSYS") reject(new TargetError(`a step could not be started: ${this.#stderr.end().text.trim()}`));
        resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal]));
      });
    });
    this.#exited.catch(() => undefined);
    this.#closed = this.#child.then(() => "closed" as const);
  }

  /** Its exit code, as soon as it has one. Rejects when it could not be started. */
  get exited(): Promise<number> {
    return this.#exited;
  }

  /** Calls `listener` with what it prints on stdout, beside the capturing. */
  onStdout(listener: (chunk: Buffer) => void): void {
    this.#listener = listener;
  }

  write(data: Buffer): void {
    this.#child.stdin?.write(data);
  }

  /** What it printed until now. */
  soFar(): Pick<StepProcessEnd, "stdout" | "stderr"> {
    return { stdout: this.#stdout.end(), stderr: this.#stderr.end() };
  }

  /** Its end: exit code and output. Rejects when it could not be started. */
  async ended(): Promise<StepProcessEnd> {
    const exitCode = await this.#exited;
    const limit = performance.now() + DRAIN_LIMIT_MS;
    for (let turn = 1; ; turn++) {
      if ((await Promise.race([this.#closed, sleep(DRAIN_QUIET_MS / DRAIN_TURNS)])) === "closed") break;
      if (turn % DRAIN_TURNS !== 0) continue;
      const now = performance.now();
      if (now < limit && now - this.#lastByteAt < DRAIN_QUIET_MS) continue;
      this.#child.stdout.destroy();
      this.#child.stderr.destroy();
      break;
    }
    return { exitCode, stdout: this.#stdout.end(), stderr: this.#stderr.end() };
  }

  /**
   * Sends a signal to the processes of its group, as a terminal does for Ctrl-C, but for a program that only joined namespaces for them:
   * that one would end and leave them. False when it has ended.
   */
  async signal(name: NodeJS.Signals): Promise<boolean> {
    const { pid, exitCode, signalCode } = this.#child;
    if (pid === undefined || exitCode !== null || signalCode !== null) return false;
    const members = await membersOf(pid);
    for (const member of members) if (member !== pid || !this.#isJoined || members.length === 1) signalOne(member, name);
    return true;
  }

  /** Ends its process group, SIGTERM then SIGKILL, and whatever left the group. Resolves when nothing of it is there. */
  kill(): Promise<void> {
    const { pid } = this.#child;
    if (pid === undefined) return Promise.resolve();
    this.#ending ??= endGroup(
      pid,
      this.#exited.catch(() => null),
    ).then(async () => {
      await endLeftovers(this.#endSteps);
      await killMarked(this.#marker);
    });
    return this.#ending;
  }

  #read(stream: Readable, captured: CapturedOutput, listens: boolean): void {
    stream.on("error", () => undefined);
    stream.on("data", (chunk: Buffer) => {
      this.#lastByteAt = performance.now();
      captured.write(chunk);
      this.#outputLeft -= chunk.length;
      if (this.#outputLeft < 0) {
        stream.destroy();
        void this.kill();
      }
      if (listens) this.#listener(chunk);
    });
  }
}

/** Runs the command that ends every process of steps; nothing when there is none. */
export async function endLeftovers(endSteps: readonly [string, ...string[]] | null): Promise<void> {
  if (endSteps !== null) await execa(endSteps[0], endSteps.slice(1), { reject: false, stdio: "ignore", cwd: "/" });
}

/** Waits until `process` ends; after `limitMs`, or when `signal` is aborted, kills it. Rejects when it could not be started, or was aborted. */
export async function withinLimit(
  process: StepProcess,
  limitMs: number,
  signal: AbortSignal,
): Promise<StepProcessEnd & { readonly timedOut: boolean }> {
  const limit = AbortSignal.timeout(Math.max(0, Math.ceil(limitMs)));
  const stop = AbortSignal.any([limit, signal]);
  const kill = (): void => void process.kill();
  stop.addEventListener("abort", kill, { once: true });
  if (stop.aborted) kill();
  try {
    const end = await process.ended();
    const timedOut = limit.aborted && stop.reason === limit.reason;
    if (stop.aborted) await process.kill();
    signal.throwIfAborted();
    return { ...end, timedOut };
  } finally {
    stop.removeEventListener("abort", kill);
  }
}
