import type { Plan } from "../../plan/plan.ts";
import type { PlanRun } from "../../run/events.ts";
import type { EngineSnapshot } from "./engine-snapshot.ts";
import { normalise } from "./normalise.ts";

/** All that was seen of a scenario on one engine: where it was seen → what, ids and times put aside. */
export type ObservedRun = ReadonlyMap<string, string>;

/** Whether a scenario speaks of this name, so that it is no engine's own choice. */
export function speaksOf(plan: Plan): (name: string) => boolean {
  const { steps, expectations, images, cleanup, env } = plan;
  // Points are exact, which JSON cannot say; names do not stand in them.
  const text = JSON.stringify({ steps, expectations, images, cleanup, env }, (_, value: unknown) =>
    typeof value === "bigint" ? undefined : value,
  );
  return (name) => text.includes(name) || images.some((image) => image.split(":")[0] === name);
}

/** What steps printed and ended with, expected or not, and what the engine held at the end. */
export function observedRun(run: PlanRun, snapshot: EngineSnapshot, workdir: string): ObservedRun {
  const seen = new Map<string, string>();
  const names = { drawn: snapshot.drawnNames, workdir };
  for (const record of run.steps) {
    const { id } = record.step;
    seen.set(`${id} status`, record.status);
    if (record.status !== "done") continue;
    const { exitCode, stdout, stderr, timedOut } = record.outcome;
    seen.set(`${id} exit code`, timedOut ? "timed out" : String(exitCode));
    seen.set(`${id} stdout`, normalise(stdout, names));
    seen.set(`${id} stderr`, normalise(stderr, names));
  }
  flatten(snapshot.state, "", (where, text) => seen.set(where, normalise(text, names)));
  return seen;
}

/** Leaves of a value by the words that lead to them. What is empty is as good as absent. */
function flatten(value: unknown, where: string, put: (where: string, text: string) => void): void {
  if (value === null || value === undefined || value === "") return;
  if (Array.isArray(value)) {
    if (value.length > 0) put(where, value.map((one) => (typeof one === "string" ? one : JSON.stringify(one))).join("\n"));
    return;
  }
  if (typeof value !== "object") return put(where, typeof value === "string" ? value : JSON.stringify(value));
  for (const [key, inner] of Object.entries(value)) flatten(inner, where === "" ? key : `${where} ${key}`, put);
}
