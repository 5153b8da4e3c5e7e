import { InvalidArgumentError } from "../../base/errors.ts";
import type { ProcessSpec, RuntimeSpec } from "../../oci/runtime-spec.ts";
import type { InitOp } from "../kernel/ops.ts";
import { capabilityNumber } from "./capabilities.ts";

/** asm-generic/resource.h, by number; Docker's names. */
const RLIMITS = "cpu fsize data stack core rss nproc nofile memlock as locks sigpending msgqueue nice rtprio rttime".split(" ");

/** Moves the process, before anything of it can be seen. */
export function enterCgroups(folders: readonly string[]): readonly InitOp[] {
  return folders.map((folder) => ({ op: "write", path: `${folder}/cgroup.procs`, content: "0" }));
}

/** Version 2: one tree for all controllers. */
export function hasUnifiedCgroup(spec: RuntimeSpec): boolean {
  const [only, ...others] = spec.linux.cgroups;
  return only !== undefined && others.length === 0 && !/^\/sys\/fs\/cgroup\/(memory|cpu|cpuacct|pids|freezer|cpuset|blkio)\//.test(only);
}

/** Lowering it takes a privilege that only the host's root has; Docker's rootless engine lets it be, too. */
export function oomScore({ oomScoreAdj }: ProcessSpec): readonly InitOp[] {
  return oomScoreAdj === undefined ? [] : [{ op: "write", path: "/proc/self/oom_score_adj", content: String(oomScoreAdj), optional: true }];
}

/**
 * The end of every list: what makes a process, already among the container's files, the program of `process`. In runc's order: limits and the
 * terminal while root still may, then the bounding set, the ids, and the capabilities that are left.
 */
export function processOps(process: ProcessSpec, terminal: number | null): readonly InitOp[] {
  const capabilities = process.capabilities.map(capabilityNumber);
  const { uid, gid, additionalGids } = process.user;
  return [
    terminal === null ? { op: "setsid" } : { op: "terminal", path: `/dev/pts/${terminal}` },
    { op: "own_stdio", uid },
    ...process.rlimits.map((limit): InitOp => ({
      op: "rlimit",
      resource: rlimitNumber(limit.type),
      soft: limit.soft,
      hard: limit.hard,
      optional: true,
    })),
    { op: "cwd", path: process.cwd },
    { op: "bound", capabilities },
    { op: "ids", uid, gid, groups: additionalGids },
    { op: "capabilities", capabilities: uid === 0 ? capabilities : [] },
    ...(process.noNewPrivileges ? [{ op: "no_new_privileges" } as const] : []),
    { op: "umask", mask: 0o022 },
    { op: process.init === true ? "init" : "exec", args: process.args, env: process.env },
  ];
}

/** What another process of a running container does, born in its pid namespace: joins the rest of its process 1, `pid` in the engine's. */
export function execOps(pid: number, spec: RuntimeSpec, process: ProcessSpec, terminal: number | null): readonly InitOp[] {
  const kinds = ["net", "ipc", "uts", ...(spec.linux.ownCgroupRoot === true ? ["cgroup"] : []), "mnt"];
  return [
    ...enterCgroups(spec.linux.cgroups),
    ...oomScore(process),
    { op: "setns", paths: kinds.map((kind) => `/proc/${pid}/ns/${kind}`) },
    ...processOps(process, terminal),
  ];
}

function rlimitNumber(type: string): number {
  const number = RLIMITS.indexOf(type.replace(/^RLIMIT_/i, "").toLowerCase());
  if (number < 0) throw new InvalidArgumentError(`invalid ulimit type: ${type}`);
  return number;
}
