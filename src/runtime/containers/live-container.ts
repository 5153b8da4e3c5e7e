import { logRotationOf } from "./log-rotation.ts";
import { EventEmitter } from "node:events";
import { join } from "node:path";
import type { HealthState } from "../../docker/api/types.ts";
import type { ContainerCgroup } from "../kernel/cgroups.ts";
import type { RuntimeSpec } from "../../oci/runtime-spec.ts";
import type { SandboxProcess } from "../sandbox/sandbox.ts";
import { type ContainerRecord } from "./container.ts";
import { LogFile } from "./log-file.ts";
import { Serial } from "./serial.ts";
import { SessionStreams } from "./session-streams.ts";
import { endOf, type ContainerState } from "./state.ts";

/** What exists only while the container runs. */
export interface ContainerRun {
  readonly process: SandboxProcess;
  readonly spec: RuntimeSpec;
  readonly cgroup: ContainerCgroup;
  /** Resolves when the end was dealt with: state saved, mounts and network given back. */
  readonly over: Promise<void>;
  /** Milliseconds of the clock at the start, for the back-off of restarts. */
  readonly since: number;
}

/** A container and all that the engine holds for it in memory. */
export class LiveContainer {
  record: ContainerRecord;
  run: ContainerRun | null = null;
  /** With a health check: its last results. */
  health: HealthState | null = null;
  /** Ids of the execs that have not ended. */
  readonly execs = new Set<string>();
  readonly serial = new Serial();
  readonly streams: SessionStreams;
  readonly log: LogFile;
  /** Set while a restart policy waits for its next try. */
  restart: AbortController | null = null;
  /** How long the next restart waits, in milliseconds. */
  backoff = 0;
  /** Set by rm: whoever comes later finds it gone. */
  removed = false;
  readonly #changes = new EventEmitter().setMaxListeners(0);

  constructor(record: ContainerRecord, folder: string) {
    this.record = record;
    this.streams = new SessionStreams({ openStdin: record.config.OpenStdin === true });
    this.log = new LogFile(join(folder, `${record.id}-json.log`), logRotationOf(record.hostConfig));
  }

  get id(): string {
    return this.record.id;
  }

  /** Whether its output is kept, for `docker logs`: not with the log driver `none`. */
  get isLogged(): boolean {
    return (this.record.hostConfig["LogConfig"] as { Type?: string } | undefined)?.Type !== "none";
  }

  get state(): ContainerState {
    return this.record.state;
  }

  update(change: Partial<ContainerRecord>): void {
    this.record = { ...this.record, ...change };
  }

  /** Tells those who wait that a run has ended. */
  announceExit(): void {
    this.#changes.emit("exit", endOf(this.state).exitCode);
  }

  announceRemoval(): void {
    this.removed = true;
    this.#changes.emit("removed", endOf(this.state).exitCode);
  }

  /** The exit code at the next end of a run, or at removal; registered at once. Removal also ends a wait for an exit. */
  next(event: "exit" | "removed", signal?: AbortSignal): Promise<number> {
    return new Promise((resolve, reject) => {
      const events = event === "exit" ? ["exit", "removed"] : ["removed"];
      const stop = (): void => {
        for (const name of events) this.#changes.removeListener(name, settle);
        signal?.removeEventListener("abort", abort);
      };
      const settle = (code: number): void => {
        stop();
        resolve(code);
      };
      const abort = (): void => {
        stop();
        reject(signal?.reason as Error);
      };
      if (signal?.aborted) return reject(signal.reason as Error);
      for (const name of events) this.#changes.on(name, settle);
      signal?.addEventListener("abort", abort);
      return undefined;
    });
  }
}
