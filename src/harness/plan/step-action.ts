import { dirname, join } from "node:path";
import { parseDuration } from "../scenario/duration.ts";
import { parseKeys } from "../scenario/keys.ts";
import type { Condition as WrittenCondition, Step, TerminalAction as WrittenAction, WriteFile } from "../scenario/scenario.generated.ts";
import type { SourcePath } from "../scenario/source.ts";
import type { Condition, Location, StepAction, TerminalAction } from "./plan.ts";

const DEFAULT_WAIT_MS = 5000;

/** What planning a step needs to know of its scenario. */
export interface StepPlanning {
  readonly locate: (path: SourcePath, of?: "key" | "value") => Location;
  /** Texts by name. */
  readonly fixtures: Readonly<Record<string, string>>;
  /** The id of the step of that name. */
  readonly idOf: (name: string) => string;
}

/** What the step at `path` does. */
export function actionOf(step: Step, path: SourcePath, { locate, fixtures, idOf }: StepPlanning): StepAction {
  const { run, terminal, write, copy, http, wait, signal, sleep, until } = step;
  if (terminal !== undefined) {
    return {
      kind: "terminal",
      command: terminal.command,
      columns: terminal.columns ?? 80,
      rows: terminal.rows ?? 24,
      script: terminal.script.map((action, index) => planAction(action, locate([...path, "terminal", "script", index]))),
    };
  }
  if (write !== undefined) return writeAction(write, dirname(locate(path).file), fixtures);
  if (copy !== undefined) return { kind: "copy", from: copy.from, to: copy.to };
  if (http !== undefined) return { kind: "http", request: http };
  if (wait !== undefined) return { kind: "wait", step: idOf(wait) };
  if (signal !== undefined) return { kind: "signal", step: idOf(signal.step), signal: signalOf(signal.send) };
  if (sleep !== undefined) return { kind: "sleep", ms: parseDuration(sleep) };
  if (until !== undefined) return { kind: "sleep", ms: 0 };
  return { kind: "command", command: run ?? "", stdin: step.stdin ?? "", background: step.background ?? false };
}

/** What must hold for a step to be done. */
export function conditionOf({ engine, variables, passed, failed }: WrittenCondition, idOf: (name: string) => string): Condition {
  return {
    engine: engine ?? null,
    variables: variables ?? {},
    passed: passed === undefined ? null : idOf(passed),
    failed: failed === undefined ? null : idOf(failed),
  };
}

/** @param folder that of the file which the step is written in. */
function writeAction({ path, content, fixture, mode }: WriteFile, folder: string, fixtures: Readonly<Record<string, string>>): StepAction {
  const text = content ?? (fixture !== undefined && Object.hasOwn(fixtures, fixture) ? fixtures[fixture] : undefined);
  const bits = mode === undefined ? null : Number.parseInt(mode, 8);
  if (text === undefined && fixture !== undefined) return { kind: "fixture", path, source: join(folder, fixture), mode: bits };
  return { kind: "write", path, content: text ?? "", mode: bits ?? 0o644 };
}

/** `SIGKILL` of `KILL` or `SIGKILL`. */
function signalOf(name: string): NodeJS.Signals {
  return `SIG${name.replace(/^SIG/, "")}` as NodeJS.Signals;
}

function planAction({ line, send, keys, expect, resize, screen }: WrittenAction, location: Location): TerminalAction {
  if (line !== undefined) return { kind: "type", text: `${line}\r`, location };
  if (send !== undefined) return { kind: "type", text: send, location };
  if (keys !== undefined) return { kind: "type", text: parseKeys(keys), location };
  if (resize !== undefined) return { kind: "resize", ...resize, location };
  if (screen !== undefined) {
    if (typeof screen === "string") return { kind: "screen", text: { contains: screen }, timeoutMs: DEFAULT_WAIT_MS, location };
    return { kind: "screen", text: screen.text, timeoutMs: waitOf(screen.timeout), location };
  }
  if (expect === undefined) return { kind: "close", location };
  if (typeof expect === "string") return { kind: "expect", awaited: { contains: expect }, timeoutMs: DEFAULT_WAIT_MS, location };
  const { contains, matches = "", timeout } = expect;
  return { kind: "expect", awaited: contains === undefined ? { matches } : { contains }, timeoutMs: waitOf(timeout), location };
}

function waitOf(timeout: Parameters<typeof parseDuration>[0] | undefined): number {
  return timeout === undefined ? DEFAULT_WAIT_MS : parseDuration(timeout);
}
