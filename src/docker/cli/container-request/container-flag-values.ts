import { isIP } from "node:net";

/** @throws Error for anything but a standard stream's name. */
export function parseAttach(text: string): string {
  const name = text.toLowerCase();
  if (["stdin", "stdout", "stderr"].includes(name)) return name;
  throw new Error("valid streams are STDIN, STDOUT and STDERR");
}

/** Billionths of a CPU. @throws Error in docker's words. */
export function parseCpus(text: string): number {
  if (!/^[+-]?(\d+\.?\d*|\.\d+)$/.test(text)) throw new Error(`failed to parse ${text} as a rational number`);
  if ((text.split(".")[1] ?? "").replace(/0+$/, "").length > 9) throw new Error("value is too precise");
  return Math.round(Number(text) * 1e9);
}

/** @throws Error when the variable has no name. */
export function checkEnv(text: string): void {
  if (text === "" || text.startsWith("=")) throw new Error(`invalid environment variable: ${text}`);
}

/** `name[=value]`. @throws Error in docker's words. */
export function checkLabel(text: string): void {
  const name = text.split("=", 1).join("").trimStart();
  if (name === "") throw new Error(`invalid label '${text}': empty name`);
  if (/\s/.test(name)) throw new Error(`label '${name}' contains whitespaces`);
}

/** `host:ip` or `host=ip`; an IPv6 address may stand in brackets. @throws Error in docker's words. */
export function splitAddHost(text: string): [host: string, address: string] {
  const at = text.search(/[:=]/);
  if (at <= 0) throw new Error(`bad format for add-host: ${JSON.stringify(text)}`);
  const address = text.slice(at + 1).replace(/^\[(.*)\]$/, "$1");
  if (address !== "host-gateway" && isIP(address) === 0) throw new Error(`invalid IP address in add-host: ${JSON.stringify(address)}`);
  return [text.slice(0, at), address];
}

/** @throws Error for what is no IP address. */
export function checkAddress(text: string): void {
  if (isIP(text) === 0) throw new Error(`IP address is not correctly formatted: ${text}`);
}

const DOMAIN = /^(?=.*[a-z])[a-z\d](?:[a-z\d-]*[a-z\d])?(?:\.[a-z\d](?:[a-z\d-]*[a-z\d])?)*\.?$/i;

/** A search domain, or `.` for none. @throws Error in docker's words. */
export function checkDomain(text: string): void {
  const domain = text.trim();
  if (domain !== "." && (!DOMAIN.test(domain) || domain.length >= 255)) throw new Error(`${text} is not a valid domain`);
}

/** `container[:alias]`. @throws Error in docker's words. */
export function checkLink(text: string): void {
  if (text === "") throw new Error("empty string specified for links");
  if (text.split(":").length > 2) throw new Error(`bad format for links: ${text}`);
}

export function checkAddHost(text: string): void {
  splitAddHost(text);
}

const SYSCTLS = /^(kernel\.(msgmax|msgmnb|msgmni|sem|shmall|shmmax|shmmni|shm_rmid_forced)|net\.|fs\.mqueue\.)/;

/** @throws Error for a setting that has no namespace of its own. */
export function checkSysctl(text: string): void {
  if (!text.includes("=") || !SYSCTLS.test(text)) throw new Error(`sysctl '${text}' is not allowed`);
}

const ULIMITS = new Set("core cpu data fsize locks memlock msgqueue nice nofile nproc rss rtprio rttime sigpending stack".split(" "));

/** `name=soft[:hard]`; -1 is unlimited. @throws Error in docker's words. */
export function parseUlimit(text: string): { Name: string; Soft: number; Hard: number } {
  const [name = "", limits, ...more] = text.split("=");
  if (limits === undefined || more.length > 0) throw new Error(`invalid ulimit argument: ${text}`);
  if (!ULIMITS.has(name)) throw new Error(`invalid ulimit type: ${name}`);
  const [soft = "", hard = soft, ...others] = limits.split(":");
  if (others.length > 0) throw new Error(`too many limit value arguments - ${limits}, can only have up to two, \`soft[:hard]\``);
  for (const number of [soft, hard]) {
    if (!/^-?\d+$/.test(number)) throw new Error(`strconv.ParseInt: parsing ${JSON.stringify(number)}: invalid syntax`);
  }
  const [Soft, Hard] = [Number(soft), Number(hard)];
  if (Hard !== -1 && (Soft === -1 || Soft > Hard)) {
    throw new Error(`ulimit soft limit must be less than or equal to hard limit: ${Soft} > ${Hard}`);
  }
  return { Name: name, Soft, Hard };
}

export function checkUlimit(text: string): void {
  parseUlimit(text);
}

/** `no`, `always`, `unless-stopped`, `on-failure[:max]`; the daemon checks the name. @throws Error in docker's words. */
export function parseRestartPolicy(text: string): { Name: string; MaximumRetryCount: number } {
  const [, Name = "", count] = /^([^:]*)(?::(.*))?$/s.exec(text) ?? [];
  if (count !== undefined && !/^\d+$/.test(count)) throw new Error("invalid restart policy format: maximum retry count must be an integer");
  return { Name, MaximumRetryCount: Number(count ?? 0) };
}

/** `c 1:3 rwm`. @throws Error in docker's words. */
export function checkDeviceRule(text: string): void {
  if (!/^[acb] ([0-9]+|\*):([0-9]+|\*) [rwm]{1,3}$/.test(text)) throw new Error(`invalid device cgroup format '${text}'`);
}
