import { InvalidArgumentError, messageOf } from "../../base/errors.ts";
import { goPattern } from "../../base/go-pattern.ts";
import type { ContainerRecord } from "../containers/container.ts";

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
    return names.filter(goPattern(pattern));
  } catch (error) {
    throw new InvalidArgumentError(`failed to initialize logging driver: ${messageOf(error)}`);
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
