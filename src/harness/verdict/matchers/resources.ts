import type { NetworkInspect } from "../../../docker/api/types.ts";
import type { Observation, VolumeFacts } from "../../run/observe/observation.ts";
import { familiarString, parseReference, withDefaultTag } from "../../../oci/reference.ts";
import type { Difference, Network, Only, Volume } from "../../scenario/scenario.generated.ts";
import { jsonFields } from "./json.ts";
import { combine, field, type Field, type Mismatch } from "./mismatch.ts";
import { matchNamedTexts } from "./named-texts.ts";
import { matchSet } from "./set.ts";
import { matchText } from "./text.ts";
import { asRationale, say, type Said } from "../../plan/sayings.ts";

/** Holds a volume (null: there is none of that name) against what is expected of it. */
export function matchVolume(name: string, expected: Volume, observed: VolumeFacts | null): Mismatch | null {
  const facts = typeof expected === "string" ? { exists: expected === "present" } : expected;
  if (facts.exists === false || observed === null) return matchPresence("volume", name, expected, observed !== null);
  const { inspect, usedBy } = observed;
  return combine([
    ...(facts.driver === undefined
      ? []
      : [{ at: ["driver"], name: say("driver"), mismatch: matchText(say("driver"), facts.driver, inspect.Driver) }]),
    ...matchNamedTexts("labels", "label {0}", facts.labels, new Map(Object.entries(inspect.Labels ?? {}))),
    ...(facts.usedBy === undefined ? [] : [setField("usedBy", say("containers that use it"), facts.usedBy, usedBy)]),
    ...jsonFields(["inspect"], say("the volume"), facts.inspect, inspect, matchText),
  ]);
}

/** The same for a network. */
export function matchNetwork(name: string, expected: Network, inspect: NetworkInspect | null): Mismatch | null {
  const facts = typeof expected === "string" ? { exists: expected === "present" } : expected;
  if (facts.exists === false || inspect === null) return matchPresence("network", name, expected, inspect !== null);
  const subnets = (inspect.IPAM.Config ?? []).map(({ Subnet }) => Subnet ?? "").join("\n");
  const connected = Object.values(inspect.Containers ?? {}).map(({ Name }) => Name);
  return combine([
    ...(facts.driver === undefined
      ? []
      : [{ at: ["driver"], name: say("driver"), mismatch: matchText(say("driver"), facts.driver, inspect.Driver) }]),
    ...(facts.internal === undefined ? [] : [field(["internal"], say("internal"), facts.internal, inspect.Internal)]),
    ...(facts.subnet === undefined
      ? []
      : [{ at: ["subnet"], name: say("subnet"), mismatch: matchText(say("subnet"), facts.subnet, subnets) }]),
    ...matchNamedTexts("labels", "label {0}", facts.labels, new Map(Object.entries(inspect.Labels ?? {}))),
    ...(facts.containers === undefined ? [] : [setField("containers", say("connected containers"), facts.containers, connected)]),
    ...jsonFields(["inspect"], say("the network"), facts.inspect, inspect, matchText),
  ]);
}

function matchPresence(what: "volume" | "network", name: string, expected: Volume | Network, isThere: boolean): Mismatch | null {
  const wanted = typeof expected === "string" ? expected === "present" : expected.exists !== false;
  if (wanted === isThere) return null;
  const shown = (present: boolean): string => (present ? "present" : "absent");
  return {
    ...asRationale(say(`there is ${isThere ? "a" : "no"} ${what} {0}`, name)),
    expected: shown(wanted),
    actual: shown(isThere),
    at: typeof expected === "object" && expected.exists !== undefined ? ["exists"] : [],
  };
}

function setField(key: string, name: Said, expected: Parameters<typeof matchSet>[1], actual: readonly string[]): Field {
  return { at: [key], name, mismatch: matchSet(name, expected, actual) };
}

/** Whether there is nothing but what is named. */
export function matchOnly(expected: Only, names: Extract<Observation, { kind: "only" }>["names"]): Mismatch | null {
  const fields = (["containers", "images", "volumes", "networks"] as const).flatMap((what) => {
    const wanted = expected[what];
    if (wanted === undefined) return [];
    const full = what === "images" ? wanted.map((ref) => familiarString(withDefaultTag(parseReference(ref)))) : wanted;
    return [setField(what, say(what), full, names[what])];
  });
  return combine(fields);
}

/** Holds what two things differ in against what they should. */
export function matchDifference(expected: Difference, observed: Extract<Observation, { kind: "difference" }>): Mismatch | null {
  if (observed.missing !== undefined) return asRationale(observed.missing);
  const { files, config } = expected;
  const isMeant = (excluded: string, change: string): boolean => excluded === change || excluded === change.slice(2);
  return combine([
    ...(files === undefined
      ? []
      : [{ at: ["files"], name: say("files"), mismatch: matchSet(say("files that differ"), files, observed.files, isMeant) }]),
    ...(config === undefined ? [] : [setField("config", say("settings that differ"), config, observed.config)]),
  ]);
}
