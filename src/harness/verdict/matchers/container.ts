import type { ContainerInspect } from "../../../docker/api/types.ts";
import type { ContainerFacts as Observed } from "../../run/observe/observation.ts";
import type { Container, ContainerFacts as Expected, TextMatcher } from "../../scenario/scenario.generated.ts";
import { matchCommand } from "./command.ts";
import { combine, field, type Field, type Mismatch } from "./mismatch.ts";
import { environmentOf, matchNamedTexts } from "./named-texts.ts";
import { matchExitCode, matchNumber } from "./number.ts";
import { matchText } from "./text.ts";

/** Holds a container (null: there is none of that name) against what is expected of it. */
export function matchContainer(name: string, expected: Container, observed: Observed | null): Mismatch | null {
  const facts: Expected =
    typeof expected === "object"
      ? expected
      : expected === "present"
        ? {}
        : expected === "absent"
          ? { exists: false }
          : { status: expected };
  if (facts.exists === false) {
    if (observed === null) return null;
    return { rationale: `there is a container ${name}`, expected: "absent", actual: observed.inspect.State.Status };
  }
  if (observed === null) return { rationale: `there is no container ${name}`, expected: describeExpected(facts), actual: "absent" };
  return combine([...stateFields(facts, observed.inspect), ...configFields(facts, observed.inspect), ...contextFields(facts, observed)]);
}

function describeExpected({ status }: Expected): string {
  return status === undefined ? "present" : [status].flat().join(" or ");
}

function stateFields(expected: Expected, { State: state, RestartCount }: ContainerInspect): readonly Field[] {
  const fields: Field[] = [];
  const { status, exitCode, running, paused, oomKilled, restartCount, health } = expected;
  if (status !== undefined)
    fields.push(field("status", [status].flat().join(" or "), state.Status, [status].flat().includes(state.Status)));
  if (exitCode !== undefined) fields.push({ name: "exit code", mismatch: matchExitCode(exitCode, state.ExitCode) });
  if (running !== undefined) fields.push(field("running", running, state.Running));
  if (paused !== undefined) fields.push(field("paused", paused, state.Paused));
  if (oomKilled !== undefined) fields.push(field("killed for memory", oomKilled, state.OOMKilled));
  if (restartCount !== undefined)
    fields.push({ name: "restart count", mismatch: matchNumber("restart count", restartCount, RestartCount) });
  if (health !== undefined) fields.push(field("health", health, state.Health?.Status ?? "none"));
  return fields;
}

function configFields(expected: Expected, inspect: ContainerInspect): readonly Field[] {
  const { Config: config, HostConfig: host } = inspect;
  const fields: Field[] = [];
  const text = (name: string, matcher: TextMatcher | undefined, actual: string | undefined): void => {
    if (matcher !== undefined) fields.push({ name, mismatch: matchText(name, matcher, actual ?? "") });
  };
  text("image", expected.image, config.Image);
  text("working directory", expected.workdir, config.WorkingDir);
  text("user", expected.user, config.User);
  text("hostname", expected.hostname, config.Hostname);
  if (expected.command !== undefined) fields.push(matchCommand("command", expected.command, [inspect.Path, ...inspect.Args]));
  fields.push(...matchNamedTexts("variable", expected.env, environmentOf(config.Env)));
  fields.push(...matchNamedTexts("label", expected.labels, new Map(Object.entries(config.Labels ?? {}))));
  if (expected.tty !== undefined) fields.push(field("terminal", expected.tty, config.Tty ?? false));
  if (expected.autoRemove !== undefined) fields.push(field("removed at its end", expected.autoRemove, host.AutoRemove ?? false));
  if (expected.restartPolicy !== undefined) fields.push(field("restart policy", expected.restartPolicy, host.RestartPolicy?.Name || "no"));
  return fields;
}

function contextFields(expected: Expected, { inspect, processes, others }: Observed): readonly Field[] {
  const fields: Field[] = [];
  for (const [port, wanted] of Object.entries(expected.ports ?? {})) fields.push(portField(port, wanted, inspect));
  for (const [place, wanted] of Object.entries(expected.mounts ?? {})) fields.push(...mountFields(place, wanted, inspect));
  if (expected.networks !== undefined) {
    const [wanted, found] = [expected.networks.toSorted().join(", "), Object.keys(inspect.NetworkSettings.Networks).toSorted().join(", ")];
    fields.push(field("networks", wanted, found));
  }
  if (expected.processes !== undefined) {
    fields.push({ name: "processes", mismatch: matchText("processes", expected.processes, (processes ?? []).join("\n")) });
  }
  for (const [key, time, verb] of [
    ["startedAfter", "StartedAt", "started"],
    ["finishedAfter", "FinishedAt", "ended"],
  ] as const) {
    const other = expected[key];
    if (other === undefined) continue;
    const [mine, theirs] = [inspect.State[time], others[other]?.[time]];
    const isLater = theirs !== undefined && isBefore(theirs, mine);
    const rationale =
      theirs === undefined ? `there is no container ${other}` : `it did not ${verb === "started" ? "start" : "end"} after ${other}`;
    const mismatch = { rationale, expected: `${verb} after ${other} (${theirs ?? "absent"})`, actual: `${verb} ${mine}` };
    fields.push({ name: key, mismatch: isLater ? null : mismatch });
  }
  return fields;
}

function portField(port: string, wanted: number | boolean, { NetworkSettings, HostConfig }: ContainerInspect): Field {
  const key = port.includes("/") ? port : `${port}/tcp`;
  const bindings = NetworkSettings.Ports[key] ?? HostConfig.PortBindings?.[key] ?? [];
  const ports = bindings.map(({ HostPort }) => Number(HostPort ?? 0));
  if (typeof wanted === "boolean") return field(`port ${key} published`, wanted, ports.length > 0);
  return field(`port ${key}`, wanted, ports.length === 0 ? "not published" : ports.join(", "), ports.includes(wanted));
}

type ExpectedMount = NonNullable<NonNullable<Expected["mounts"]>[string]>;

function mountFields(place: string, wanted: ExpectedMount | null, { Mounts, HostConfig }: ContainerInspect): readonly Field[] {
  const name = `mount at ${place}`;
  const found = Mounts.find(({ Destination }) => Destination === place);
  // Docker lists what --tmpfs asked for in the host configuration alone.
  const isTmpfs = found === undefined && HostConfig.Tmpfs?.[place] !== undefined;
  const type = isTmpfs ? "tmpfs" : found?.Type;
  if (wanted === null || type === undefined)
    return [field(name, wanted === null ? null : (wanted.type ?? "there"), type, wanted === null && type === undefined)];
  const fields: Field[] = [];
  if (wanted.type !== undefined) fields.push(field(name, wanted.type, type));
  if (wanted.source !== undefined) {
    const source = found?.Type === "volume" ? (found.Name ?? "") : (found?.Source ?? "");
    fields.push({ name: `source of ${name}`, mismatch: matchText(`source of ${name}`, wanted.source, source) });
  }
  if (wanted.readOnly !== undefined) fields.push(field(`${name} read-only`, wanted.readOnly, found === undefined ? false : !found.RW));
  return fields;
}

/** Whether RFC 3339 time `a` is before `b`, to the nanosecond. */
function isBefore(a: string, b: string): boolean {
  const nanosOf = (time: string): bigint => {
    const [, fractionDigits = ""] = /\.(\d+)/.exec(time) ?? [];
    return BigInt(Date.parse(time.replace(/\.\d+/, ""))) * 1_000_000n + BigInt(fractionDigits.padEnd(9, "0").slice(0, 9));
  };
  return nanosOf(a) < nanosOf(b);
}
