import { join } from "node:path";
import { syscallTable } from "../kernel/syscall-numbers.ts";
import { world } from "./engine-world.ts";

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
 * `confined`: with few capabilities, and with nothing of the engine in sight but its socket, for what nobody has reason to trust.
 */
export function enterEngine(
  engine: { readonly pid: number },
  options: { readonly cwd: string; readonly command: readonly string[]; readonly confined?: boolean },
): readonly [string, ...string[]] {
  const numbers = Object.entries(syscallTable()).map(([name, number]) => `${name}=${number}`);
  const here = import.meta.dirname;
  return [
    "perl",
    join(here, "enter.pl"),
    join(here, "../kernel/init.pl"),
    numbers.join(" "),
    options.confined === true ? confinedCapabilities.join(",") : "",
    String(engine.pid),
    options.cwd,
    ...options.command,
  ];
}
