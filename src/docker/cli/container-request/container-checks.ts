import type { CommandOptions } from "../command.ts";
import type { ContainerFlags } from "./container-flags.ts";

type Flags = CommandOptions<ContainerFlags>["flags"];

/** What `run` and `create` refuse before they ask the engine. @throws Error in docker's words. */
export function checkContainerFlags(flags: Flags): void {
  const swappiness = flags["memory-swappiness"];
  if (swappiness !== -1 && (swappiness < 0 || swappiness > 100)) {
    throw new Error(`invalid value: ${swappiness}. Valid memory swappiness range is 0-100`);
  }
  if (!/^(host|container:.+)?$/.test(flags.pid)) throw new Error("--pid: invalid PID mode");
  if (!/^(host)?$/.test(flags.uts)) throw new Error("--uts: invalid UTS mode");
  if (!/^(host|private)?$/.test(flags.cgroupns)) throw new Error("--cgroupns: invalid CGROUP mode");
  if (!/^(host)?$/.test(flags.userns)) throw new Error("--userns: invalid USER mode");
  for (const option of flags["security-opt"]) {
    if (!/[=:]/.test(option) && option !== "no-new-privileges") throw new Error(`Invalid --security-opt: ${JSON.stringify(option)}`);
  }
  checkPlatform(flags.platform);
  if (flags["log-driver"] === "none" && flags["log-opt"].length > 0) throw new Error("invalid logging opts for driver none");
  if (flags["use-api-socket"]) throw new Error("--use-api-socket is not supported by this client");
  for (const device of flags.device) checkDevice(device);
  if (!["always", "missing", "never"].includes(flags.pull)) {
    throw new Error(`invalid pull option: '${flags.pull}': must be one of "always", "missing" or "never"`);
  }
}

/** `os[/architecture[/variant]]`. */
function checkPlatform(text: string): void {
  if (text === "" || /^[\w-]+(\/[\w-]+){0,2}$/.test(text)) return;
  throw new Error(`error parsing specified platform: ${JSON.stringify(text)}: cannot parse platform specifier: invalid argument`);
}

function checkDevice(text: string): void {
  const [, target = "/", mode, ...more] = text.split(":");
  if (more.length === 0 && mode === undefined && !/^[rwm]+$/.test(target) && !target.startsWith("/")) {
    throw new Error(`${target} is not an absolute path`);
  }
  if (more.length > 0) throw new Error(`bad format for path: ${text}`);
  if (mode !== undefined && !/^[rwm]+$/.test(mode)) throw new Error(`bad mode specified: ${mode}`);
}
