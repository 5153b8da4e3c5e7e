import { join } from "node:path";
import { syscallTable } from "../kernel/syscall-numbers.ts";
import { world } from "./engine-world.ts";
import type { RootLimits } from "../../base/root-limits.ts";
import { stepRlimits } from "./root-limits.ts";

/** What the host's processes need in the engine's world: `docker` first on PATH, pointed at the engine. */
export function enteredEnvironment(path: string): { readonly PATH: string; readonly DOCKER_HOST: string } {
  return { PATH: `${world.bin}:${path}`, DOCKER_HOST: `unix://${world.socket}` };
}

/**
 * What a confined process keeps: nothing with which root in a namespace could remount what is read-only, trace the engine or change its
 * network. CHOWN DAC_OVERRIDE FOWNER FSETID KILL SETGID SETUID NET_BIND_SERVICE NET_RAW SYS_CHROOT (linux/capability.h).
 */
const confinedCapabilities = [0, 1, 3, 4, 5, 6, 7, 10, 13, 18];

/**
 * The argv that runs `command` in the engine's user, mount, pid, network, IPC and UTS namespaces, as root there. It is killed when the process
 * started with this argv is, which otherwise passes signals on and ends as the command does (125: could not enter; 126, 127: as a shell).
 * `cwd` is a path in the engine's view (see `world`), as are all in `command`; the environment is the caller's.
 * `confined`: with few capabilities, and with nothing of the engine in sight but its socket, for what nobody has reason to trust. `jail`: in those
 * namespaces (see `openJail`), where there is no process of the engine either; `limits`: within these.
 */
export function enterEngine(
  engine: { readonly pid: number; readonly stepCgroups?: readonly string[] },
  options: {
    readonly cwd: string;
    readonly command: readonly string[];
    readonly confined?: boolean;
    readonly jail?: { readonly pid: number };
    readonly limits?: RootLimits;
  },
): readonly [string, ...string[]] {
  const { confined = false, jail, limits } = options;
  return enterCommand(
    {
      engine: String(engine.pid),
      ...(jail !== undefined && { jail: String(jail.pid) }),
      ...(confined && { capabilities: confinedCapabilities.join(",") }),
      ...(limits !== undefined && { cgroups: (engine.stepCgroups ?? []).join(":"), rlimits: stepRlimits(limits) }),
    },
    options.cwd,
    options.command,
  );
}

/** The argv that kills every process of a jail but the one that holds it. */
export function endJailed(engine: { readonly pid: number }, jail: { readonly pid: number }): readonly [string, ...string[]] {
  return enterCommand({ engine: String(engine.pid), jail: String(jail.pid), end: "1" }, "/", []);
}

function enterCommand(settings: Readonly<Record<string, string>>, cwd: string, command: readonly string[]): readonly [string, ...string[]] {
  const numbers = Object.entries(syscallTable()).map(([name, number]) => `${name}=${number}`);
  const here = import.meta.dirname;
  return [
    "perl",
    join(here, "enter.pl"),
    join(here, "../kernel/init.pl"),
    numbers.join(" "),
    Object.entries(settings)
      .map(([key, value]) => `${key}=${value}`)
      .join("\n"),
    cwd,
    ...command,
  ];
}
