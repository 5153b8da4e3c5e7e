import { InvalidArgumentError, messageOf } from "../../base/errors.ts";
import { withinTime } from "../../base/time-limit.ts";
import type { ContainerRecord } from "../containers/container.ts";

/** Patterns of Go cannot take long; ours could, so this is all the time they get, of the clock: on a busy host most of it may be others'. */
const PATTERN_MS = 1000;

/**
 * What `docker logs --details` shows before each line: the labels and variables that `--log-opt labels`, `env` and the patterns `labels-regex` and
 * `env-regex` name, `k=v,k=v` in the order of their names, each part escaped as in an address.
 * @throws InvalidArgumentError in dockerd's words for what is no pattern.
 */
export function logDetails({ config, hostConfig }: Pick<ContainerRecord, "config" | "hostConfig">): string {
  const { Config } = (hostConfig["LogConfig"] ?? {}) as { readonly Config?: Readonly<Record<string, string>> | null };
  const options = Config ?? {};
  const chosen = new Map<string, string>();
  const choose = (values: Readonly<Record<string, string>>, kind: "labels" | "env"): void => {
    for (const name of (options[kind] ?? "").split(",")) if (Object.hasOwn(values, name)) chosen.set(name, values[name] ?? "");
    for (const name of matching(Object.keys(values), options[`${kind}-regex`])) chosen.set(name, values[name] ?? "");
  };
  choose(config.Labels ?? {}, "labels");
  choose(Object.fromEntries((config.Env ?? []).map(splitVariable)), "env");
  return [...chosen]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${escape(name)}=${escape(value)}`)
    .join(",");
}

function matching(names: readonly string[], pattern = ""): readonly string[] {
  if (pattern === "") return [];
  try {
    const expression = new RegExp(pattern, "u");
    return withinTime(PATTERN_MS, () => names.filter((name) => expression.test(name)));
  } catch (error) {
    throw new InvalidArgumentError(`failed to initialize logging driver: error parsing regexp: ${messageOf(error)}`);
  }
}

function splitVariable(variable: string): readonly [string, string] {
  const at = variable.indexOf("=");
  return at < 0 ? [variable, ""] : [variable.slice(0, at), variable.slice(at + 1)];
}

/** As Go's url.QueryEscape. */
function escape(text: string): string {
  return new URLSearchParams({ "": text }).toString().slice(1).replaceAll("*", "%2A").replaceAll("%7E", "~");
}
