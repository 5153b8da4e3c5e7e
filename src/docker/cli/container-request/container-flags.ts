import { duration } from "../flags/duration.ts";
import { bool, bytes, int, list, optionalInt, string, uint16, type FlagSpec } from "../flags/flags.ts";
import { parseMount } from "./parse-mount.ts";
import { byteRates, gpuRequests, operationRates, weightDevices } from "./device-flags.ts";
import {
  checkAddHost,
  checkAddress,
  checkDeviceRule,
  checkDomain,
  checkEnv,
  checkLabel,
  checkLink,
  checkSysctl,
  checkUlimit,
  parseAttach,
  parseCpus,
} from "./container-flag-values.ts";
import type { ApiMount } from "../../api/types.ts";

const sizeOrUnlimited = (usage: string): FlagSpec<number | null> => {
  const size = bytes(usage);
  return { ...size, parse: (text, before) => (text === "-1" ? -1 : size.parse(text, before)) };
};

const cpus = (usage: string): FlagSpec<number | null> => ({ type: "decimal", usage, initial: null, parse: parseCpus });

const mounts = (usage: string): FlagSpec<readonly ApiMount[]> => ({
  type: "mount",
  usage,
  initial: [],
  parse: (text, before) => [...before, parseMount(text)],
});

const attach = (usage: string): FlagSpec<readonly string[]> => ({
  type: "list",
  short: "a",
  usage,
  initial: [],
  parse: (text, before) => [...before, parseAttach(text)],
});

/** What both `run` and `create` take about the container to be. */
export const containerFlags = {
  "add-host": list("Add a custom host-to-IP mapping (host:ip)", { check: checkAddHost }),
  annotation: list("Add an annotation to the container (passed through to the OCI runtime)", { type: "map", shownDefault: "map[]" }),
  attach: attach("Attach to STDIN, STDOUT or STDERR"),
  "blkio-weight": uint16("Block IO (relative weight), between 10 and 1000, or 0 to disable"),
  "blkio-weight-device": weightDevices("Block IO weight (relative device weight)"),
  "cap-add": list("Add Linux capabilities"),
  "cap-drop": list("Drop Linux capabilities"),
  "cgroup-parent": string("Optional parent cgroup for the container"),
  cgroupns: string(`Cgroup namespace to use (host|private)
'host':    Run the container in the Docker host's cgroup namespace
'private': Run the container in its own private cgroup namespace
'':        Use the cgroup namespace as configured by the
           default-cgroupns-mode option on the daemon (default)`),
  cidfile: string("Write the container ID to the file"),
  "cpu-period": int("Limit CPU CFS (Completely Fair Scheduler) period"),
  "cpu-quota": int("Limit CPU CFS (Completely Fair Scheduler) quota"),
  "cpu-rt-period": int("Limit CPU real-time period in microseconds"),
  "cpu-rt-runtime": int("Limit CPU real-time runtime in microseconds"),
  "cpu-shares": int("CPU shares (relative weight)", { short: "c" }),
  cpus: cpus("Number of CPUs"),
  "cpuset-cpus": string("CPUs in which to allow execution (0-3, 0,1)"),
  "cpuset-mems": string("MEMs in which to allow execution (0-3, 0,1)"),
  device: list("Add a host device to the container"),
  "device-cgroup-rule": list("Add a rule to the cgroup allowed devices list", { check: checkDeviceRule }),
  "device-read-bps": byteRates("Limit read rate (bytes per second) from a device"),
  "device-read-iops": operationRates("Limit read rate (IO per second) from a device"),
  "device-write-bps": byteRates("Limit write rate (bytes per second) to a device"),
  "device-write-iops": operationRates("Limit write rate (IO per second) to a device"),
  "disable-content-trust": bool("Skip image verification", { initial: true }),
  dns: list("Set custom DNS servers", { check: checkAddress }),
  "dns-option": list("Set DNS options"),
  "dns-opt": list("Set DNS options", { hidden: true }),
  "dns-search": list("Set custom DNS search domains", { check: checkDomain }),
  domainname: string("Container NIS domain name"),
  entrypoint: string("Overwrite the default ENTRYPOINT of the image"),
  env: list("Set environment variables", { short: "e", check: checkEnv }),
  "env-file": list("Read in a file of environment variables"),
  expose: list("Expose a port or a range of ports"),
  gpus: gpuRequests("GPU devices to add to the container ('all' to pass all GPUs)"),
  "group-add": list("Add additional groups to join"),
  "health-cmd": string("Command to run to check health"),
  "health-interval": duration("Time between running the check (ms|s|m|h)"),
  "health-retries": int("Consecutive failures needed to report unhealthy"),
  "health-start-interval": duration("Time between running the check during the start period (ms|s|m|h)"),
  "health-start-period": duration("Start period for the container to initialize before starting health-retries countdown (ms|s|m|h)"),
  "health-timeout": duration("Maximum time to allow one check to run (ms|s|m|h)"),
  hostname: string("Container host name", { short: "h" }),
  init: bool("Run an init inside the container that forwards signals and reaps processes"),
  interactive: bool("Keep STDIN open even if not attached", { short: "i" }),
  ip: string("IPv4 address (e.g., 172.30.100.104)"),
  ip6: string("IPv6 address (e.g., 2001:db8::33)"),
  ipc: string("IPC mode to use"),
  isolation: string("Container isolation technology"),
  "kernel-memory": bytes("Kernel memory limit"),
  label: list("Set meta data on a container", { short: "l", check: checkLabel }),
  "label-file": list("Read in a line delimited file of labels"),
  link: list("Add link to another container", { check: checkLink }),
  "link-local-ip": list("Container IPv4/IPv6 link-local addresses"),
  "log-driver": string("Logging driver for the container"),
  "log-opt": list("Log driver options"),
  "mac-address": string("Container MAC address (e.g., 92:d0:c6:0a:29:33)"),
  memory: bytes("Memory limit", { short: "m" }),
  "memory-reservation": bytes("Memory soft limit"),
  "memory-swap": sizeOrUnlimited("Swap limit equal to memory plus swap: '-1' to enable unlimited swap"),
  "memory-swappiness": int("Tune container memory swappiness (0 to 100)", { initial: -1 }),
  mount: mounts("Attach a filesystem mount to the container"),
  name: string("Assign a name to the container"),
  network: list("Connect a container to a network", { type: "network" }),
  net: list("Connect a container to a network", { hidden: true }),
  "network-alias": list("Add network-scoped alias for the container"),
  "net-alias": list("Add network-scoped alias for the container", { hidden: true }),
  "no-healthcheck": bool("Disable any container-specified HEALTHCHECK"),
  "oom-kill-disable": bool("Disable OOM Killer"),
  "oom-score-adj": int("Tune host's OOM preferences (-1000 to 1000)"),
  pid: string("PID namespace to use"),
  "pids-limit": optionalInt("Tune container pids limit (set -1 for unlimited)"),
  platform: string("Set platform if server is multi-platform capable"),
  privileged: bool("Give extended privileges to this container"),
  publish: list("Publish a container's port(s) to the host", { short: "p" }),
  "publish-all": bool("Publish all exposed ports to random ports", { short: "P" }),
  pull: string('Pull image before running ("always", "missing", "never")', { initial: "missing" }),
  quiet: bool("Suppress the pull output", { short: "q" }),
  "read-only": bool("Mount the container's root filesystem as read only"),
  restart: string("Restart policy to apply when a container exits", { initial: "no" }),
  rm: bool("Automatically remove the container and its associated anonymous volumes when it exits"),
  runtime: string("Runtime to use for this container"),
  "security-opt": list("Security Options"),
  "shm-size": bytes("Size of /dev/shm"),
  "stop-signal": string("Signal to stop the container"),
  "stop-timeout": optionalInt("Timeout (in seconds) to stop a container"),
  "storage-opt": list("Storage driver options for the container"),
  sysctl: list("Sysctl options", { type: "map", shownDefault: "map[]", check: checkSysctl }),
  tmpfs: list("Mount a tmpfs directory"),
  tty: bool("Allocate a pseudo-TTY", { short: "t" }),
  ulimit: list("Ulimit options", { type: "ulimit", shownDefault: "[]", check: checkUlimit }),
  "use-api-socket": bool("Bind mount Docker API socket and required auth"),
  user: string("Username or UID (format: <name|uid>[:<group|gid>])", { short: "u" }),
  userns: string("User namespace to use"),
  uts: string("UTS namespace to use"),
  volume: list("Bind mount a volume", { short: "v" }),
  "volume-driver": string("Optional volume driver for the container"),
  "volumes-from": list("Mount volumes from the specified container(s)"),
  workdir: string("Working directory inside the container", { short: "w" }),
};

export type ContainerFlags = typeof containerFlags;
