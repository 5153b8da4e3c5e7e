import { InvalidArgumentError } from "../../base/errors.ts";

/** linux/capability.h, by number. */
const NAMES = [
  ..."CHOWN DAC_OVERRIDE DAC_READ_SEARCH FOWNER FSETID KILL SETGID SETUID SETPCAP LINUX_IMMUTABLE NET_BIND_SERVICE".split(" "),
  ..."NET_BROADCAST NET_ADMIN NET_RAW IPC_LOCK IPC_OWNER SYS_MODULE SYS_RAWIO SYS_CHROOT SYS_PTRACE SYS_PACCT SYS_ADMIN".split(" "),
  ..."SYS_BOOT SYS_NICE SYS_RESOURCE SYS_TIME SYS_TTY_CONFIG MKNOD LEASE AUDIT_WRITE AUDIT_CONTROL SETFCAP".split(" "),
  ..."MAC_OVERRIDE MAC_ADMIN SYSLOG WAKE_ALARM BLOCK_SUSPEND AUDIT_READ PERFMON BPF CHECKPOINT_RESTORE".split(" "),
] as const;

/** The number of a capability, `CHOWN` → 0. @throws InvalidArgumentError in Docker's words. */
export function capabilityNumber(name: string): number {
  const number = NAMES.indexOf(name);
  if (number < 0) throw new InvalidArgumentError(`invalid capability: "CAP_${name}"`);
  return number;
}
