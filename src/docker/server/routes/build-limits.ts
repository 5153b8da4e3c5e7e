import { InvalidArgumentError, NotImplementedError } from "../../../base/errors.ts";
import type { BuildOptions } from "../../api/engine.ts";
import type { Query } from "../query.ts";

/** What holds for the containers that RUN makes, as `POST /containers/create` has it. @throws InvalidArgumentError */
export function limitsOf(query: Query): BuildOptions["hostConfig"] {
  return {
    ExtraHosts: query.list("extrahosts"),
    Memory: query.integer("memory") ?? 0,
    MemorySwap: query.integer("memswap") ?? 0,
    CpuShares: query.integer("cpushares") ?? 0,
    CpuPeriod: query.integer("cpuperiod") ?? 0,
    CpuQuota: query.integer("cpuquota") ?? 0,
    CpusetCpus: query.text("cpusetcpus"),
    CpusetMems: query.text("cpusetmems"),
    ShmSize: query.integer("shmsize") ?? 0,
    Ulimits: ulimitsOf(query.text("ulimits")),
  };
}

/**
 * Refuses what no build here does, rather than leave it out silently.
 * @throws InvalidArgumentError in dockerd's words for what it refuses too, NotImplementedError for the rest.
 */
export function refuseUnknownWishes(query: Query): void {
  if (!["", "1", "2"].includes(query.text("version")))
    throw new InvalidArgumentError(`invalid version ${JSON.stringify(query.text("version"))}`);
  if (query.flag("squash")) throw new InvalidArgumentError("squash is only supported with experimental mode");
  const isolation = query.text("isolation");
  if (isolation !== "" && isolation !== "default") throw new InvalidArgumentError(`Unsupported isolation: ${JSON.stringify(isolation)}`);
  if (query.list("securityopt").some((option) => option !== ""))
    throw new InvalidArgumentError("The daemon on this platform does not support setting security options on build");
  // The engine's own cache has what these images are made of, so nothing is asked of them.
  listOf(query, "cachefrom");
  if (query.text("cgroupparent") !== "") throw new NotImplementedError("a parent cgroup of a build is not supported by this engine");
  if (listOf(query, "outputs").length > 0)
    throw new NotImplementedError("outputs of a build other than its image go through a session, which is not supported by this engine");
}

/** A JSON list, or nothing. @throws InvalidArgumentError */
function listOf(query: Query, name: string): readonly unknown[] {
  const text = query.text(name);
  if (text === "") return [];
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = text;
  }
  if (value === null) return [];
  if (!Array.isArray(value)) throw new InvalidArgumentError(`invalid ${name} ${JSON.stringify(text)}`);
  return value as readonly unknown[];
}

/** @throws InvalidArgumentError */
function ulimitsOf(text: string): readonly { Name: string; Soft: number; Hard: number }[] {
  if (text === "") return [];
  const fail = (): never => {
    throw new InvalidArgumentError(`invalid ulimits ${JSON.stringify(text)}`);
  };
  let list: unknown;
  try {
    list = JSON.parse(text);
  } catch {
    return fail();
  }
  if (list === null) return [];
  if (!Array.isArray(list)) return fail();
  return list.map((item: unknown) => {
    const { Name, Soft, Hard } = (item ?? {}) as { readonly Name?: unknown; readonly Soft?: unknown; readonly Hard?: unknown };
    return typeof Name === "string" && Number.isInteger(Soft) && Number.isInteger(Hard)
      ? { Name, Soft: Soft as number, Hard: Hard as number }
      : fail();
  });
}
