import { execa } from "execa";
import { setTimeout as sleep } from "node:timers/promises";
import { constants } from "node:os";
import { CapturedOutput, type CapturedText } from "./captured-output.ts";
import { endGroup, killMarked, STEP_MARKER } from "../targets/process-group.ts";

/** A program that a step runs. */
export interface ProcessRequest {
  /** The whole command, the joining of namespaces included. */
  readonly argv: readonly [string, ...string[]];
  /** All of its environment: nothing of ours is added. */
  readonly env: Readonly<Record<string, string>>;
  readonly stdin: string | Uint8Array | null;
  /** Milliseconds; null for none. */
  readonly timeoutMs: number | null;
  /** Aborted: the run is ending, kill it. */
  readonly signal: AbortSignal;
  /** Marks its processes, to find those that it leaves behind. */
  readonly marker: string;
}

export interface ProcessOutcome {
  /** As a shell shows it: 128+n after signal n. */
  readonly exitCode: number;
  readonly timedOut: boolean;
  readonly stdout: CapturedText;
  readonly stderr: CapturedText;
  readonly durationMs: number;
}

/** After the program ended, a background child may hold its output open: we read on while bytes still come, but not longer than this. */
const DRAIN_LIMIT_MS = 2_000;
const DRAIN_QUIET_MS = 100;

/**
 * Runs a program in its own process group and captures what it prints. A time limit ends the whole group, SIGTERM then SIGKILL.
 * Throws the signal's reason when aborted, and the system's error when the program cannot be started.
 */
export async function runProcess(request: ProcessRequest): Promise<ProcessOutcome> {
  request.signal.throwIfAborted();
  const startedAt = performance.now();
  const [file, ...args] = request.argv;
  const child = execa(file, args, {
    env: { ...request.env, [STEP_MARKER]: request.marker },
    extendEnv: false,
    detached: true,
    buffer: false,
    reject: false,
    cwd: "/",
    ...(request.stdin === null ? { stdin: "ignore" as const } : { input: request.stdin }),
  });
  const stdout = new CapturedOutput();
  const stderr = new CapturedOutput();
  let lastByteAt = performance.now();
  for (const [stream, captured] of [
    [child.stdout, stdout],
    [child.stderr, stderr],
  ] as const) {
    stream?.on("data", (chunk: Buffer) => {
      lastByteAt = performance.now();
      captured.write(chunk);
    });
    stream?.on("error", () => undefined);
  }
  const exited = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) => {
    child.once("exit", (code, signal) => resolve({ code, signal }));
    child.once("error", () => resolve({ code: null, signal: null }));
  });
  const closed = child.then(
    (result) => result,
    (error: unknown) => error,
  );

  let ending: Promise<void> | null = null;
  let timedOut = false;
  const end = (): void => {
    if (child.pid !== undefined) ending ??= endGroup(child.pid, exited);
  };
  const timer =
    request.timeoutMs === null
      ? null
      : setTimeout(() => {
          timedOut = true;
          end();
        }, request.timeoutMs);
  request.signal.addEventListener("abort", end, { once: true });
  try {
    const { code, signal } = await exited;
    if (code === null && signal === null) {
      const result = await closed;
      throw result instanceof Error ? result : new Error(`cannot start ${file}`);
    }
    await drained();
    await (ending as Promise<void> | null);
    if (timedOut || request.signal.aborted) await killMarked(request.marker);
    request.signal.throwIfAborted();
    return {
      exitCode: code ?? 128 + (signal === null ? 0 : constants.signals[signal]),
      timedOut,
      stdout: stdout.end(),
      stderr: stderr.end(),
      durationMs: performance.now() - startedAt,
    };
  } finally {
    if (timer !== null) clearTimeout(timer);
    request.signal.removeEventListener("abort", end);
  }

  /** Waits until both streams closed, or are held open by somebody else and silent. */
  async function drained(): Promise<void> {
    const limit = performance.now() + DRAIN_LIMIT_MS;
    let isClosed = false;
    const finished = closed.then(() => {
      isClosed = true;
    });
    do {
      await Promise.race([finished, sleep(DRAIN_QUIET_MS)]);
    } while (!isClosed && performance.now() < limit && performance.now() - lastByteAt < DRAIN_QUIET_MS);
    if (isClosed) return;
    child.stdout?.destroy();
    child.stderr?.destroy();
  }
}
