import type { ContainerStateJson, HealthState } from "../../docker/api/types.ts";

/** Times are RFC 3339. What a container last did is kept by the states that follow from it. */
export type ContainerState =
  | { readonly status: "created"; readonly exitCode: number; readonly error: string }
  | { readonly status: "running" | "paused"; readonly pid: number; readonly startedAt: string; readonly finishedAt: string | null }
  | ({ readonly status: "restarting" | "exited" | "dead" | "removing" } & Ended);

/** How the last run ended; `startedAt` is null for a container that never ran. */
export interface Ended {
  readonly exitCode: number;
  readonly oomKilled: boolean;
  readonly error: string;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
}

const never = "0001-01-01T00:00:00Z";

export const created: ContainerState = { status: "created", exitCode: 0, error: "" };

/** Whether there is a process 1. */
export function isAlive(state: ContainerState): state is ContainerState & { readonly status: "running" | "paused" } {
  return state.status === "running" || state.status === "paused";
}

/** The process is there now. */
export function started(before: ContainerState, pid: number, startedAt: string): ContainerState {
  return { status: "running", pid, startedAt, finishedAt: endOf(before).finishedAt };
}

/** It could not be started: `exitCode` 127 and the like, and the state stays what it was. */
export function startFailed(before: ContainerState, exitCode: number, error: string): ContainerState {
  if (before.status === "created") return { status: "created", exitCode, error };
  return { status: "exited", ...endOf(before), exitCode, error };
}

export function paused(before: ContainerState & { readonly status: "running" | "paused" }): ContainerState {
  return { ...before, status: "paused" };
}

export function unpaused(before: ContainerState & { readonly status: "running" | "paused" }): ContainerState {
  return { ...before, status: "running" };
}

/** Process 1 has ended; `restarting` when a restart policy will start it again. */
export function ended(
  before: ContainerState,
  how: { readonly exitCode: number; readonly oomKilled: boolean; readonly finishedAt: string },
  next: "exited" | "restarting" = "exited",
): ContainerState {
  return { status: next, ...how, error: "", startedAt: endOf(before).startedAt };
}

/** A restarting container that someone stopped. */
export function settled(before: ContainerState): ContainerState {
  return { status: "exited", ...endOf(before) };
}

export function removing(before: ContainerState): ContainerState {
  return { status: "removing", ...endOf(before) };
}

/** What is known of the last run. */
export function endOf(state: ContainerState): Ended {
  switch (state.status) {
    case "created":
      return { exitCode: state.exitCode, error: state.error, oomKilled: false, startedAt: null, finishedAt: null };
    case "running":
    case "paused":
      return { exitCode: 0, error: "", oomKilled: false, startedAt: state.startedAt, finishedAt: state.finishedAt };
    default: {
      const { exitCode, error, oomKilled, startedAt, finishedAt } = state;
      return { exitCode, error, oomKilled, startedAt, finishedAt };
    }
  }
}

/** `State` as inspect shows it: a paused and a restarting container count as running too. */
export function stateJson(state: ContainerState, health: HealthState | null = null): ContainerStateJson {
  const end = endOf(state);
  return {
    Status: state.status,
    Running: isAlive(state) || state.status === "restarting",
    Paused: state.status === "paused",
    Restarting: state.status === "restarting",
    OOMKilled: end.oomKilled,
    Dead: state.status === "dead",
    Pid: isAlive(state) ? state.pid : 0,
    ExitCode: end.exitCode,
    Error: end.error,
    StartedAt: end.startedAt ?? never,
    FinishedAt: end.finishedAt ?? never,
    ...(health && { Health: health }),
  };
}
