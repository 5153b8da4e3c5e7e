import type { ContainerInspect } from "../../../docker/api/types.ts";
import type { ContainerFacts as Expected, PortSet, TextMatcher } from "../../scenario/scenario.generated.ts";
import { field, itemWhere, type Field } from "./mismatch.ts";
import { matchIncludes, type SetMatcher } from "./set.ts";
import { matchText } from "./text.ts";
import { say } from "../../plan/sayings.ts";

/** One of the ports that it publishes, or should not. */
export function portField(port: string, wanted: number | boolean, { NetworkSettings, HostConfig }: ContainerInspect): Field {
  const at = ["ports", port];
  const key = port.includes("/") ? port : `${port}/tcp`;
  const bindings = NetworkSettings.Ports[key] ?? HostConfig.PortBindings?.[key] ?? [];
  // For IPv4 and for IPv6.
  const ports = [...new Set(bindings.map(({ HostPort }) => Number(HostPort ?? 0)))];
  if (typeof wanted === "boolean") return field(at, say("port {0} published", key), wanted, ports.length > 0);
  return field(at, say("port {0}", key), wanted, ports.length === 0 ? "not published" : ports.join(", "), ports.includes(wanted));
}

type NetworksByName = Readonly<Record<string, { readonly address?: TextMatcher; readonly aliases?: readonly string[] } | null>>;
type ExpectedMount = NonNullable<NonNullable<Expected["mounts"]>[string]>;

/** What is mounted at one place, or should not be. */
export function mountFields(place: string, wanted: ExpectedMount | null, { Mounts, HostConfig }: ContainerInspect): readonly Field[] {
  const at = ["mounts", place];
  const name = say("mount at {0}", place);
  const found = Mounts.find(({ Destination }) => Destination === place);
  // Docker lists what --tmpfs asked for in the host configuration alone.
  const isTmpfs = found === undefined && HostConfig.Tmpfs?.[place] !== undefined;
  const type = isTmpfs ? "tmpfs" : found?.Type;
  if (wanted === null || type === undefined)
    return [field(at, name, wanted === null ? null : (wanted.type ?? "there"), type, wanted === null && type === undefined)];
  const fields: Field[] = [];
  if (wanted.type !== undefined) fields.push(field([...at, "type"], name, wanted.type, type));
  if (wanted.source !== undefined) {
    const source = found?.Type === "volume" ? (found.Name ?? "") : (found?.Source ?? "");
    fields.push({
      at: [...at, "source"],
      name: say("source of {0}", name),
      mismatch: matchText(say("source of {0}", name), wanted.source, source),
    });
  }
  if (wanted.readOnly !== undefined)
    fields.push(field([...at, "readOnly"], say("{0} read-only", name), wanted.readOnly, found === undefined ? false : !found.RW));
  return fields;
}

/** Ports as the kernel's tables have them here. */
export function portsOf(expected: PortSet): SetMatcher {
  const full = (ports: readonly (string | number)[]): readonly string[] =>
    ports.map((port) => (String(port).includes("/") ? String(port) : `${port}/tcp`));
  if (Array.isArray(expected)) return full(expected);
  return Object.fromEntries(Object.entries(expected).map(([key, ports]) => [key, full(ports as (string | number)[])]));
}

/** The networks that it is in: all of them, or what is expected of each. */
export function networkFields(expected: Expected["networks"], { NetworkSettings }: ContainerInspect): readonly Field[] {
  if (expected === undefined) return [];
  const networks = NetworkSettings.Networks;
  if (Array.isArray(expected)) {
    const at = ["networks", ...itemWhere(expected, (name) => networks[name] === undefined)];
    return [field(at, say("networks"), expected.toSorted().join(", "), Object.keys(networks).toSorted().join(", "))];
  }
  return Object.entries(expected as NetworksByName).flatMap(([name, wanted]): readonly Field[] => {
    const at = ["networks", name];
    const found = networks[name];
    if (wanted === null || found === undefined) {
      const shown = (connected: boolean): string => (connected ? "connected" : "not connected");
      return [field(at, say("network {0}", name), shown(wanted !== null), shown(found !== undefined))];
    }
    const address = say("address in {0}", name);
    const aliases = say("aliases in {0}", name);
    return [
      ...(wanted.address === undefined
        ? []
        : [{ at: [...at, "address"], name: address, mismatch: matchText(address, wanted.address, found.IPAddress ?? "") }]),
      ...(wanted.aliases === undefined
        ? []
        : [{ at: [...at, "aliases"], name: aliases, mismatch: matchIncludes(aliases, wanted.aliases, found.Aliases ?? []) }]),
    ];
  });
}
