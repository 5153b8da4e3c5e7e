import { accessSync, constants, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";

/** Where root's ids inside an engine lie outside: far from any account, and the same for every engine, so that they can share a store. */
export const SHIFTED_ROOT = 1_000_000_000;
/** What an image may expect of ids: `nobody` is 65534. */
const RANGE = 65_536;
/** All ids that Docker allows: accounts of directories and OpenShift lie far above 65535. */
const WIDE_RANGE = 2 ** 31;

/** How an engine's user namespace is to be mapped. */
export interface IdMappings {
  /** `direct`: the keeper writes the maps; `helper`: newuidmap and newgidmap do, else the keeper maps one id. */
  readonly by: "direct" | "helper";
  /** In the notation of uid_map; `helper`: as arguments. */
  readonly uidMap: string;
  readonly gidMap: string;
  /** The id outside of root inside. */
  readonly root: number;
  readonly newuidmap?: string;
  readonly newgidmap?: string;
}

/**
 * Chooses the mappings for this process: root gets 0..2147483647 shifted (or, where it has not that many ids itself, what it has, unshifted);
 * anyone else their range of /etc/subuid and /etc/subgid when there is one and the helpers to use it, else the own id alone.
 */
export function idMappings(): IdMappings {
  const uid = process.geteuid?.() ?? 0;
  const gid = process.getegid?.() ?? 0;
  if (uid === 0) {
    const count = Math.min(shiftedRange("uid"), shiftedRange("gid"));
    const map = count >= RANGE ? `0 ${SHIFTED_ROOT} ${count}` : null;
    return { by: "direct", uidMap: map ?? ownRange("uid"), gidMap: map ?? ownRange("gid"), root: map === null ? 0 : SHIFTED_ROOT };
  }
  const newuidmap = findProgram("newuidmap");
  const newgidmap = findProgram("newgidmap");
  const uids = subordinateRange("/etc/subuid", uid);
  const gids = subordinateRange("/etc/subgid", uid);
  if (newuidmap === null || newgidmap === null || uids === null || gids === null) {
    return { by: "direct", uidMap: `0 ${uid} 1`, gidMap: `0 ${gid} 1`, root: uid };
  }
  return {
    by: "helper",
    uidMap: `0 ${uid} 1 1 ${uids.start} ${Math.min(uids.count, RANGE - 1)}`,
    gidMap: `0 ${gid} 1 1 ${gids.start} ${Math.min(gids.count, RANGE - 1)}`,
    root: uid,
    newuidmap,
    newgidmap,
  };
}

/** How many ids from SHIFTED_ROOT on this process has itself; no more than are of use. */
function shiftedRange(kind: "uid" | "gid"): number {
  const ends = mapLines(kind).flatMap(([inside, count]) => (inside <= SHIFTED_ROOT ? [inside + count - SHIFTED_ROOT] : []));
  return Math.min(WIDE_RANGE, Math.max(0, ...ends));
}

/** Root's own ids from 0 on, onto themselves. */
function ownRange(kind: "uid" | "gid"): string {
  const [[, count] = [0, 1]] = mapLines(kind);
  return `0 0 ${Math.min(count, WIDE_RANGE)}`;
}

/** user_namespaces(7): the first id of each range, and how many there are. */
function mapLines(kind: "uid" | "gid"): readonly (readonly [number, number])[] {
  return readLines(`/proc/self/${kind}_map`).flatMap((line) => {
    const [inside = 0, , count = 0] = line.trim().split(/\s+/).map(Number);
    return count > 0 ? [[inside, count] as const] : [];
  });
}

/** subuid(5): `name-or-uid:start:count`. */
function subordinateRange(file: string, uid: number): { start: number; count: number } | null {
  const names = [String(uid), ...accountNames(uid)];
  for (const line of readLines(file)) {
    const [owner = "", start = "", count = ""] = line.split(":");
    if (names.includes(owner) && Number(count) > 0) return { start: Number(start), count: Number(count) };
  }
  return null;
}

function accountNames(uid: number): readonly string[] {
  return readLines("/etc/passwd").flatMap((line) => {
    const [name = "", , id] = line.split(":");
    return id === String(uid) ? [name] : [];
  });
}

function readLines(file: string): readonly string[] {
  try {
    return readFileSync(file, "utf8").split("\n");
  } catch {
    return [];
  }
}

/** The path of a program in PATH or /usr/bin; null when it is not there. */
export function findProgram(name: string): string | null {
  for (const folder of (process.env["PATH"] ?? "").split(delimiter).concat("/usr/bin")) {
    try {
      accessSync(join(folder, name), constants.X_OK);
      return join(folder, name);
    } catch {
      // Not in this one.
    }
  }
  return null;
}
