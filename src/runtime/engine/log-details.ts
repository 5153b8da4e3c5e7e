import type { ContainerRecord } from "../containers/container.ts";

/**
 * What `docker logs --details` shows before each line: the labels and variables that `--log-opt labels` and `env` name, `k=v,k=v` in the order of
 * their names, each part escaped as in an address.
 */
export function logDetails({ config, hostConfig }: ContainerRecord): string {
  const { Config } = (hostConfig["LogConfig"] ?? {}) as { readonly Config?: Readonly<Record<string, string>> | null };
  const options = Config ?? {};
  const chosen = new Map<string, string>();
  const choose = (values: Readonly<Record<string, string>>, names: string | undefined): void => {
    for (const name of (names ?? "").split(",")) if (Object.hasOwn(values, name)) chosen.set(name, values[name] ?? "");
  };
  choose(config.Labels ?? {}, options["labels"]);
  choose(Object.fromEntries((config.Env ?? []).map(splitVariable)), options["env"]);
  return [...chosen]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${escape(name)}=${escape(value)}`)
    .join(",");
}

function splitVariable(variable: string): readonly [string, string] {
  const at = variable.indexOf("=");
  return at < 0 ? [variable, ""] : [variable.slice(0, at), variable.slice(at + 1)];
}

/** As Go's url.QueryEscape. */
function escape(text: string): string {
  return new URLSearchParams({ "": text }).toString().slice(1).replaceAll("*", "%2A").replaceAll("%7E", "~");
}
