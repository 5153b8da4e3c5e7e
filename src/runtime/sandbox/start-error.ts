import type { InitOp } from "../kernel/ops.ts";
import { StartError } from "./sandbox.ts";

/** `init.pl`'s line about the operation that failed, in the words that runc has for it. */
export function startErrorOf(line: string, ops: readonly InitOp[]): StartError {
  const [errno = "", index = "", what = "", words = ""] = line.split("\0");
  const text = `${describe(ops[Number(index)], Number(errno), what, words)}: unknown`;
  return new StartError(text, exitCodeOf(text));
}

/** As the daemon reads runc's message. */
export function exitCodeOf(words: string): 126 | 127 | 128 {
  const text = words.toLowerCase();
  if (text.includes("permission denied")) return 126;
  if (text.includes("executable file not found") || text.includes("no such file or directory")) return 127;
  return 128;
}

const EINVAL = 22;
const ENOTDIR = 20;

function describe(op: InitOp | undefined, errno: number, what: string, words: string): string {
  switch (op?.op) {
    case "exec": {
      const [program = ""] = op.args;
      if (what === "lookup path") return `exec: ${JSON.stringify(program)}: executable file not found in $PATH`;
      if (what.startsWith("lookup stat")) return `exec: ${JSON.stringify(program)}: stat ${program}: ${words}`;
      return `exec: ${JSON.stringify(program)}: ${words}`;
    }
    case "cwd":
      return `chdir to cwd (${JSON.stringify(op.path)}) set in config.json failed: ${words}`;
    case "attach":
    case "attach_kernel": {
      const hint =
        errno === ENOTDIR
          ? ": Are you trying to mount a directory onto a file (or vice-versa)? Check if the specified host path exists and is the expected type"
          : "";
      return `error mounting to rootfs at ${JSON.stringify(op.destination)}: ${what}: ${words}${hint}`;
    }
    case "ids":
      if (errno === EINVAL) return `user ${op.uid}:${op.gid} has no id in the engine's user namespace, which has too few (see /etc/subuid)`;
      return `setting the user to ${op.uid}:${op.gid}: ${what}: ${words}`;
    case "sysctl":
      return `write sysctl key ${op.name}: ${words}`;
    case "hostname":
      return `error during container init: ${what}: ${words}`;
    default:
      return `error during container init: ${op?.op ?? "?"}: ${what}${words === "" ? "" : `: ${words}`}`;
  }
}
