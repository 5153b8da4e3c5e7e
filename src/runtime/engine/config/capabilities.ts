import { InvalidArgumentError } from "../../../base/errors.ts";

/** What Docker leaves to root in a container. */
const byDefault =
  `CHOWN DAC_OVERRIDE FSETID FOWNER MKNOD NET_RAW SETGID SETUID SETFCAP SETPCAP NET_BIND_SERVICE SYS_CHROOT KILL AUDIT_WRITE`.split(" ");

/** All that Linux has, in the order of linux/capability.h. */
const all =
  `CHOWN DAC_OVERRIDE DAC_READ_SEARCH FOWNER FSETID KILL SETGID SETUID SETPCAP LINUX_IMMUTABLE NET_BIND_SERVICE NET_BROADCAST NET_ADMIN NET_RAW
  IPC_LOCK IPC_OWNER SYS_MODULE SYS_RAWIO SYS_CHROOT SYS_PTRACE SYS_PACCT SYS_ADMIN SYS_BOOT SYS_NICE SYS_RESOURCE SYS_TIME SYS_TTY_CONFIG MKNOD
  LEASE AUDIT_WRITE AUDIT_CONTROL SETFCAP MAC_OVERRIDE MAC_ADMIN SYSLOG WAKE_ALARM BLOCK_SUSPEND AUDIT_READ PERFMON BPF CHECKPOINT_RESTORE`.split(
    /\s+/,
  );

/**
 * The capabilities of a container, without `CAP_`.
 * @throws InvalidArgumentError for a name that is none.
 */
export function capabilitiesOf(options: {
  readonly add: readonly string[];
  readonly drop: readonly string[];
  readonly privileged: boolean;
}): readonly string[] {
  const add = options.add.map((name) => parse(name, "CapAdd"));
  const drop = options.drop.map((name) => parse(name, "CapDrop"));
  if (options.privileged) return all;
  const base = add.includes("ALL") ? all : drop.includes("ALL") ? [] : byDefault;
  const kept = base.filter((name) => !drop.includes(name));
  return [...kept, ...add.filter((name) => name !== "ALL" && !kept.includes(name))];
}

function parse(text: string, field: string): string {
  const name = text.toUpperCase().replace(/^CAP_/, "");
  if (name !== "ALL" && !all.includes(name)) throw new InvalidArgumentError(`invalid ${field}: unknown capability: "CAP_${name}"`);
  return name;
}
