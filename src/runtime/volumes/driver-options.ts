import { InvalidArgumentError, NotImplementedError } from "../../base/errors.ts";

/** What a volume of the local driver is, by its options `type`, `device` and `o`. */
export type LocalVolume =
  | { readonly kind: "folder" }
  /** A folder of the host's, as a user names it. */
  | { readonly kind: "bind"; readonly device: string }
  /** In memory, from the first container that uses it until the last has ended. */
  | { readonly kind: "tmpfs"; readonly options: readonly string[] };

/** Whether a driver by this name is the one that there is; no name means it. */
export function isLocal(driver: string): boolean {
  return driver === "" || driver === "local";
}

/** What Docker says of another. */
export function noDriver(volume: string, driver: string): string {
  return `create ${volume}: error looking up volume plugin ${driver}: plugin "${driver}" not found`;
}

const KNOWN = ["type", "device", "o", "size"];

/**
 * Reads the options of `volume create --opt` and `--mount volume-opt=`.
 * @throws InvalidArgumentError in Docker's words; NotImplementedError for what only the host's root may mount.
 */
export function localVolume(name: string, options: Readonly<Record<string, string>> | null): LocalVolume {
  const given = options ?? {};
  const refused = (why: string): InvalidArgumentError => new InvalidArgumentError(`create ${name}: ${why}`);
  const unknown = Object.keys(given).find((option) => !KNOWN.includes(option));
  if (unknown !== undefined) throw refused(`invalid option: ${JSON.stringify(unknown)}`);
  if (Object.keys(given).length === 0) return { kind: "folder" };
  if (given["size"] !== undefined) throw refused("quota size requested but no quota support");
  for (const option of ["device", "type"]) if (!given[option]) throw refused(`missing required option: ${JSON.stringify(option)}`);
  const [type = "", device = ""] = [given["type"], given["device"]];
  const list = (given["o"] ?? "").split(",").filter((option) => option !== "");
  if (type === "tmpfs") return { kind: "tmpfs", options: list };
  if (list.includes("bind") || list.includes("rbind")) {
    if (!device.startsWith("/")) throw refused(`the device of a bind is an absolute path: ${JSON.stringify(device)}`);
    return { kind: "bind", device };
  }
  throw new NotImplementedError(`create ${name}: a volume of type ${type} is the host's root's to mount; this engine has binds and tmpfs`);
}
