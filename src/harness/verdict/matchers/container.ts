import type { ContainerInspect } from "../../../docker/api/types.ts";
import type { ContainerFacts as Observed, PastState } from "../../run/observe/observation.ts";
import type { Container, ContainerFacts as Expected } from "../../scenario/scenario.generated.ts";
import { matchCommand } from "./command.ts";
import { mountFields, networkFields, portField, portsOf } from "./container-context.ts";
import { jsonFields } from "./json.ts";
import { below, combine, field, itemWhere, type Field, type Mismatch } from "./mismatch.ts";
import { environmentOf, matchNamedTexts } from "./named-texts.ts";
import { matchExitCode, matchNumber } from "./number.ts";
import { matchInOrder, matchNoneOf, type SequenceOf } from "./sequence.ts";
import { matchSet } from "./set.ts";
import { matchSignal } from "./signal.ts";
import { matchText } from "./text.ts";
import { asRationale, say, type Said } from "../../plan/sayings.ts";

/** Holds a container (null: there is none of that name) against what is expected of it. */
export function matchContainer(
  name: string,
  expected: Container,
  observed: Observed | null,
  states: readonly PastState[] = [],
): Mismatch | null {
  const facts: Expected =
    typeof expected === "object"
      ? expected
      : expected === "present"
        ? {}
        : expected === "absent"
          ? { exists: false }
          : { status: expected };
  const past = historyFields(facts.states, states);
  const { states: _, exists, ...now } = facts;
  // A container's past can be told when it is no more.
  if (observed === null && (exists === false || (exists === undefined && Object.keys(now).length === 0 && past.length > 0)))
    return combine(past);
  if (facts.exists === false && observed !== null) {
    return {
      ...asRationale(say("there is a container {0}", name)),
      expected: "absent",
      actual: observed.inspect.State.Status,
      at: typeof expected === "object" ? ["exists"] : [],
    };
  }
  if (observed === null)
    return { ...asRationale(say("there is no container {0}", name)), expected: describeExpected(facts), actual: "absent" };
  return combine([...past, ...stateFields(facts, observed), ...configFields(facts, observed.inspect), ...contextFields(facts, observed)]);
}

function describeExpected({ status }: Expected): string {
  return status === undefined ? "present" : [status].flat().join(" or ");
}

const STATES: SequenceOf<PastState, PastState> = {
  what: say("states"),
  isIt: (wanted, state) => wanted === state,
  showWanted: String,
  showMember: String,
};

function historyFields(expected: Expected["states"], states: readonly PastState[]): readonly Field[] {
  if (expected === undefined) return [];
  if (Array.isArray(expected)) {
    const at = ["states", ...itemWhere(expected, (state, index) => state !== states[index])];
    return [field(at, say("states"), expected.join(", "), states.join(", "))];
  }
  const { includes = [], excludes = [] } = expected;
  const mismatch =
    below(["includes"], matchInOrder(includes, states, STATES)) ?? below(["excludes"], matchNoneOf(excludes, states, STATES));
  return [{ at: ["states"], name: say("states"), mismatch }];
}

function stateFields(expected: Expected, { inspect: { State: state, RestartCount }, seenAt }: Observed): readonly Field[] {
  const fields: Field[] = [];
  const { status, exitCode, running, paused, oomKilled, restartCount, health } = expected;
  if (status !== undefined)
    fields.push(field(["status"], say("status"), [status].flat().join(" or "), state.Status, [status].flat().includes(state.Status)));
  if (exitCode !== undefined) fields.push({ at: ["exitCode"], name: say("exit code"), mismatch: matchExitCode(exitCode, state.ExitCode) });
  if (expected.signal !== undefined) fields.push(matchSignal(expected.signal, state.ExitCode));
  if (expected.ranFor !== undefined) {
    const end = state.Running ? seenAt.getTime() : Date.parse(state.FinishedAt);
    fields.push({
      at: ["ranFor"],
      name: say("seconds it ran"),
      mismatch: matchNumber(say("seconds it ran"), expected.ranFor, (end - Date.parse(state.StartedAt)) / 1000),
    });
  }
  if (running !== undefined) fields.push(field(["running"], say("running"), running, state.Running));
  if (paused !== undefined) fields.push(field(["paused"], say("paused"), paused, state.Paused));
  if (oomKilled !== undefined) fields.push(field(["oomKilled"], say("killed for memory"), oomKilled, state.OOMKilled));
  if (restartCount !== undefined)
    fields.push({
      at: ["restartCount"],
      name: say("restart count"),
      mismatch: matchNumber(say("restart count"), restartCount, RestartCount),
    });
  if (health !== undefined) fields.push(field(["health"], say("health"), health, state.Health?.Status ?? "none"));
  return fields;
}

function configFields(expected: Expected, inspect: ContainerInspect): readonly Field[] {
  const { Config: config, HostConfig: host } = inspect;
  const fields: Field[] = [];
  const text = (key: "image" | "workdir" | "user" | "hostname", name: Said, actual: string | undefined): void => {
    const matcher = expected[key];
    if (matcher !== undefined) fields.push({ at: [key], name, mismatch: matchText(name, matcher, actual ?? "") });
  };
  text("image", say("image"), config.Image);
  text("workdir", say("working directory"), config.WorkingDir);
  text("user", say("user"), config.User);
  text("hostname", say("hostname"), config.Hostname);
  if (expected.command !== undefined)
    fields.push(matchCommand("command", say("command"), expected.command, [inspect.Path, ...inspect.Args]));
  fields.push(...matchNamedTexts("env", "variable {0}", expected.env, environmentOf(config.Env)));
  fields.push(...matchNamedTexts("labels", "label {0}", expected.labels, new Map(Object.entries(config.Labels ?? {}))));
  if (expected.tty !== undefined) fields.push(field(["tty"], say("terminal"), expected.tty, config.Tty ?? false));
  if (expected.autoRemove !== undefined)
    fields.push(field(["autoRemove"], say("removed at its end"), expected.autoRemove, host.AutoRemove ?? false));
  if (expected.restartPolicy !== undefined)
    fields.push(field(["restartPolicy"], say("restart policy"), expected.restartPolicy, host.RestartPolicy?.Name || "no"));
  return fields;
}

function contextFields(expected: Expected, { inspect, processes, listening, others }: Observed): readonly Field[] {
  const fields: Field[] = [];
  for (const [port, wanted] of Object.entries(expected.ports ?? {})) fields.push(portField(port, wanted, inspect));
  for (const [place, wanted] of Object.entries(expected.mounts ?? {})) fields.push(...mountFields(place, wanted, inspect));
  fields.push(...networkFields(expected.networks, inspect));
  if (expected.listening !== undefined) {
    fields.push({
      at: ["listening"],
      name: say("ports it listens at"),
      mismatch: matchSet(say("ports it listens at"), portsOf(expected.listening), listening ?? []),
    });
  }
  fields.push(...jsonFields(["inspect"], say("the container"), expected.inspect, inspect, matchText));
  if (expected.processes !== undefined) {
    fields.push({
      at: ["processes"],
      name: say("processes"),
      mismatch: matchText(say("processes"), expected.processes, (processes ?? []).join("\n")),
    });
  }
  for (const [key, time, verb, order] of [
    ["startedAfter", "StartedAt", "started", "after"],
    ["finishedAfter", "FinishedAt", "ended", "after"],
    ["startedBefore", "StartedAt", "started", "before"],
    ["finishedBefore", "FinishedAt", "ended", "before"],
  ] as const) {
    const other = expected[key];
    if (other === undefined) continue;
    const [mine, theirs] = [inspect.State[time], others[other]?.[time]];
    const isSo =
      theirs !== undefined && hasBeen(mine) && hasBeen(theirs) && (order === "after" ? isBefore(theirs, mine) : isBefore(mine, theirs));
    const neverSo = verb === "started" ? "{0} has not started" : "{0} has not ended";
    const why =
      theirs === undefined
        ? say("there is no container {0}", other)
        : !hasBeen(mine)
          ? say(neverSo, say("it"))
          : !hasBeen(theirs)
            ? say(neverSo, other)
            : say(`it did not ${verb === "started" ? "start" : "end"} ${order} {0}`, other);
    const at = (time: string | undefined): string => (time === undefined ? "absent" : hasBeen(time) ? time : "not yet");
    const mismatch = { ...asRationale(why), expected: `${verb} ${order} ${other} (${at(theirs)})`, actual: `${verb} ${at(mine)}` };
    fields.push({ at: [key], name: { en: key, zh: key }, mismatch: isSo ? null : mismatch });
  }
  return fields;
}

/** An engine's time of what has not happened is the year 1. */
function hasBeen(time: string): boolean {
  return !time.startsWith("0001-");
}

/** Whether RFC 3339 time `a` is before `b`, to the nanosecond. */
function isBefore(a: string, b: string): boolean {
  const nanosOf = (time: string): bigint => {
    const [, fractionDigits = ""] = /\.(\d+)/.exec(time) ?? [];
    return BigInt(Date.parse(time.replace(/\.\d+/, ""))) * 1_000_000n + BigInt(fractionDigits.padEnd(9, "0").slice(0, 9));
  };
  return nanosOf(a) < nanosOf(b);
}
