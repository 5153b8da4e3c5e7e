import { type ChildProcess, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, chownSync, closeSync, existsSync, mkdirSync, openSync, readFileSync, realpathSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Duplex } from "node:stream";
import { ConflictError, InternalError, UnavailableError } from "../../base/errors.ts";
import { systemError } from "../kernel/libc.ts";
import { cloneFlags, counted, encodeOps, initMessage } from "../kernel/ops.ts";
import { rootLayout } from "../root-layout.ts";
import { cgroupFolders } from "./cgroup-folders.ts";
import { dockerFlags, dockerSnapshot, engineFlags, engineSnapshot } from "./node-start.ts";
import { furnish, type HostPlaces, openPlaces, world } from "./engine-world.ts";
import { idMappings, type IdMappings } from "./id-mappings.ts";
import { diskOptions } from "./root-limits.ts";
import type { RootLimits } from "../../base/root-limits.ts";
import { planWayOut, type WayOut, type WayOutPlan } from "./way-out.ts";

export interface StartOptions {
  /** The engine's root; made when it is not there. */
  readonly root: string;
  /** The image store, shared by many roots; default `store` in the root. */
  readonly store?: string;
  /** Where our package.json is; default this package. */
  readonly packageRoot?: string;
  /** True: the engine, and what joins it, sees the host's files read-only and no homes. For whatever runs others' scripts. */
  readonly sealed?: boolean;
  /** Given: what runs beside the engine and in its containers keeps to these, and may not ask for more than a graded submission may. */
  readonly limits?: RootLimits;
  /** With `limits`: the engine's paths of folders that containers may have bound. */
  readonly bindsWithin?: readonly string[];
  /**
   * True: its containers' ports are published on the host, too, and there is a way out to where the host reaches, by the best that this host
   * allows (way-out.ts); or by the one named, and nothing else. Else the engine's network leads nowhere.
   */
  readonly hostNetwork?: boolean | WayOut;
  /** Seconds without containers and requests after which the engine leaves by itself; default never. */
  readonly idleExit?: number;
  /** True (the default): the engine ends with this process, even a killed one. False: it lives on, and this process may end. */
  readonly dieWithParent?: boolean;
}

/** An engine that listens. */
export interface EngineHandle {
  /** Process 1 of the engine's pid namespace, in ours: its /proc/PID/ns has the namespaces to join. */
  readonly pid: number;
  /** Host paths. */
  readonly socket: string;
  readonly root: string;
  /** The id, of user and group, that root has outside: what an engine's process is to write in must be this one's. */
  readonly owner: { readonly uid: number; readonly gid: number };
  /** With limits, the cgroups that processes beside the engine are to be in; those that the host did not let us make too. */
  readonly stepCgroups: readonly string[];
  /** Resolves when everything of the engine is gone, cgroups and socket too. */
  readonly exited: Promise<void>;
  /** Asks it to stop its containers and leave; kills it after ten seconds. Resolves as `exited`. */
  stop(): Promise<void>;
}

const STOP_SECONDS = 10;

/**
 * Starts an engine on `root` in its own namespaces and waits until its socket listens.
 * @throws ConflictError when another engine has this root; UnavailableError when the host has no perl, refuses the namespaces or the way out that
 *   was named, saying what to do; InternalError with the engine's own words when it fails to start (they are in `engine.log` in the root).
 */
export async function startEngine(options: StartOptions): Promise<EngineHandle> {
  const { hostNetwork = false } = options;
  const wayOut = hostNetwork === false ? null : planWayOut(hostNetwork);
  const mappings = idMappings();
  const owner = { uid: mappings.root, gid: process.geteuid?.() === 0 ? mappings.root : (process.getegid?.() ?? 0) };
  const places = makePlaces(options, owner);
  const layout = rootLayout(places.root);
  const logFile = join(places.root, "engine.log");
  const log = openSync(logFile, "w", 0o644);
  const here = import.meta.dirname;
  let keeper: ChildProcess;
  try {
    keeper = spawn(
      "perl",
      [
        join(here, "keeper.pl"),
        join(here, "../kernel/init.pl"),
        ...(wayOut === null ? [] : [join(here, "gateway.pl"), join(here, "way-out.pl")]),
      ],
      {
        stdio: ["ignore", log, log, "pipe"],
        detached: true,
        cwd: "/",
        env: { PATH: process.env["PATH"] ?? "/usr/bin:/bin" },
      },
    );
  } finally {
    closeSync(log);
  }
  const exited = new Promise<void>((resolve) => keeper.once("close", () => resolve()));
  const control = keeper.stdio[3] as Duplex;
  const spawned = new Promise<never>((_, reject) =>
    keeper.once("error", (error) =>
      reject(new UnavailableError(`slipway needs perl (on Debian: apt-get install perl-base): ${error.message}`, { cause: error })),
    ),
  );
  control.on("error", () => undefined);
  control.write(keeperMessage(options, { places, mappings, wayOut }));
  const pid = await Promise.race([spawned, untilReady(control, places.root, logFile)]);
  const stop = (): Promise<void> => {
    keeper.kill("SIGTERM");
    return exited;
  };
  control.destroy();
  if (options.dieWithParent === false) keeper.unref();
  const stepCgroups =
    options.limits === undefined ? [] : cgroups(places.root, mappings).map((entry) => `${entry.replace(/^\w+=/, "")}/steps`);
  return { pid, socket: layout.socket, root: places.root, owner, stepCgroups, exited, stop };
}

/** Makes the root and the store, owned by the engine's root, and resolves links, which the engine's world would not follow. */
function makePlaces(options: StartOptions, owner: { readonly uid: number; readonly gid: number }): HostPlaces {
  const store = options.store ?? join(options.root, "store");
  const tmp = join(options.root, "tmp");
  for (const folder of [options.root, store, tmp]) {
    mkdirSync(folder, { recursive: true });
    if (statSync(folder).uid === owner.uid) continue;
    chownSync(folder, owner.uid, owner.gid);
  }
  chmodSync(tmp, 0o1777);
  return {
    root: realpathSync(options.root),
    store: realpathSync(store),
    packageRoot: realpathSync(options.packageRoot ?? join(import.meta.dirname, "../../..")),
    node: realpathSync(process.execPath),
  };
}

function keeperMessage(
  options: StartOptions,
  { places, mappings, wayOut }: { readonly places: HostPlaces; readonly mappings: IdMappings; readonly wayOut: WayOutPlan | null },
): Buffer {
  const layout = rootLayout(places.root);
  // Root must open its places before its ids are shifted away; anyone else may clone mounts only in the new namespaces.
  const asRoot = process.geteuid?.() === 0;
  const { limits } = options;
  const settings: Readonly<Record<string, string>> = {
    root: places.root,
    lock: join(places.root, "lock"),
    socket: layout.socket,
    maps: mappings.by,
    uid_map: mappings.uidMap,
    gid_map: mappings.gidMap,
    newuidmap: mappings.newuidmap ?? "",
    newgidmap: mappings.newgidmap ?? "",
    shift: String(mappings.root),
    die_with_parent: options.dieWithParent === false ? "" : String(process.pid),
    gateway: wayOut === null ? "" : "1",
    way_out: wayOut?.kind ?? "none",
    way_out_program: wayOut?.program ?? "",
    way_out_facts: wayOut?.facts ?? "",
    way_out_resolver: wayOut?.resolver ?? "",
    way_out_candidates: wayOut?.candidates ?? "",
    stop_seconds: String(STOP_SECONDS),
    memory: String(limits?.memory ?? ""),
    engine_memory: String(limits?.engineMemory ?? ""),
    processes: String(limits?.processes ?? ""),
    // Only the host's root may mount where the host sees it.
    disk: limits !== undefined && asRoot ? diskOptions(limits, { uid: mappings.root, gid: mappings.root }) : "",
    clone_flags: String(cloneFlags.user | cloneFlags.mount | cloneFlags.pid | cloneFlags.ipc | cloneFlags.uts | cloneFlags.net),
  };
  const env = {
    PATH: `${world.bin}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin`,
    HOME: world.root,
    // Else glibc keeps an arena for each of Node's threads, and what a tar's pieces took stays in each: a quarter of the engine's memory.
    MALLOC_ARENA_MAX: "1",
    SLIPWAY_ROOT: world.root,
    SLIPWAY_STORE: world.store,
    SLIPWAY_HOST_ROOT: places.root,
    SLIPWAY_GATEWAY: wayOut === null ? "" : "1",
    SLIPWAY_BINDS_WITHIN: limits === undefined ? "" : (options.bindsWithin ?? []).join(":"),
    SLIPWAY_IDLE_EXIT: String(options.idleExit ?? ""),
    SLIPWAY_UNPACK_LIMITS: process.env["SLIPWAY_UNPACK_LIMITS"] ?? "",
    SLIPWAY_INSECURE_REGISTRIES: process.env["SLIPWAY_INSECURE_REGISTRIES"] ?? "",
  };
  return initMessage(
    counted(Object.entries(settings).flat()),
    encodeOps(asRoot ? openPlaces(places) : []),
    encodeOps([
      ...(asRoot ? [] : openPlaces(places)),
      ...furnish({
        resolvConf: wayOut?.resolvConf ?? null,
        sealed: options.sealed === true,
        graded: limits !== undefined,
        dockerStart: dockerProgram(places.packageRoot),
      }),
    ]),
    encodeOps([
      {
        op: "exec",
        args: [world.node, ...engineFlags(limits), ...engineProgram(places.packageRoot, limits)],
        env: Object.entries(env).map(([key, value]) => `${key}=${value}`),
      },
    ]),
    counted(cgroups(places.root, mappings)),
  );
}

/** `controller=folder` of a root. */
function cgroups(root: string, mappings: IdMappings): readonly string[] {
  if (process.geteuid?.() !== 0 && mappings.by !== "helper") return [];
  return cgroupFolders(`slipway-${createHash("sha256").update(root).digest("hex").slice(0, 12)}`);
}

/** Bundled into one file, or as it was compiled. */
function engineProgram(packageRoot: string, limits: RootLimits | undefined): readonly string[] {
  const bundled = "dist/bundle/engine.js";
  return program(packageRoot, existsSync(join(packageRoot, bundled)) ? bundled : "dist/bin/engine.js", engineSnapshot(limits));
}

function dockerProgram(packageRoot: string): readonly string[] {
  return program(packageRoot, "dist/bundle/cli/docker.js", dockerSnapshot(), dockerFlags);
}

/**
 * Node's words to run a program of ours in the engine's world: from its snapshot, which is quickest, where the build made one for this Node.
 * @param flags that only pay with the snapshot.
 */
function program(packageRoot: string, file: string, snapshot: string, flags: readonly string[] = []): readonly string[] {
  const start = existsSync(join(packageRoot, snapshot)) ? [...flags, "--snapshot-blob", join(world.package, snapshot)] : [];
  return [...start, "--", join(world.package, file)];
}

/** Reads the keeper's lines: `pid`, then the engine's `ready`; or `error` with a step, an errno and words. */
async function untilReady(control: Duplex, root: string, logFile: string): Promise<number> {
  let pid: number | null = null;
  let text = "";
  for await (const chunk of control) {
    text += String(chunk);
    const lines = text.split("\n");
    text = lines.pop() ?? "";
    for (const line of lines) {
      const [kind, ...rest] = line.split("\0");
      if (kind === "pid") pid = Number(rest[0]);
      if (kind === "error") throw startError(rest, root);
      if (kind === "ready" && pid !== null) return pid;
    }
  }
  const words = readFileSync(logFile, "utf8").trim();
  throw new InternalError(words === "" ? "the engine ended before it listened" : `the engine ended before it listened: ${words}`);
}

function startError([step = "", errno = "0", detail = ""]: readonly string[], root: string): Error {
  if (step === "lock" && errno === "0") return new ConflictError(`another engine is running on ${root}`);
  const cause = Number(errno) > 0 ? systemError(Number(errno), detail) : new Error(detail);
  if (step === "clone" || step === "map") {
    return new UnavailableError(
      `this host refuses user namespaces (${cause.message}); an administrator allows them with ` +
        "sysctl kernel.unprivileged_userns_clone=1, user.max_user_namespaces above 0, kernel.apparmor_restrict_unprivileged_userns=0; " +
        "in a container run it with --privileged",
      { cause },
    );
  }
  return new UnavailableError(`cannot prepare the engine's namespaces: ${step}: ${cause.message}`, { cause });
}
