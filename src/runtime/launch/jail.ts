import { spawn } from "node:child_process";
import { join } from "node:path";
import { UnavailableError } from "../../base/errors.ts";
import { syscallTable } from "../kernel/syscall-numbers.ts";

/** Process and mount namespaces below an engine's own, for steps that must not see the engine's processes. */
export interface Jail {
  /** The process on the host whose /proc/PID/ns has the namespaces to join. */
  readonly pid: number;
  /** Ends everything in it. The engine's end does so too. */
  close(): Promise<void>;
}

/** `folders`, in the engine's view, are made there and can be neither removed nor replaced from within. @throws UnavailableError with what the host refused. */
export async function openJail(engine: { readonly pid: number }, folders: readonly string[]): Promise<Jail> {
  const numbers = Object.entries(syscallTable()).map(([name, number]) => `${name}=${number}`);
  const here = import.meta.dirname;
  const argv = [join(here, "jail.pl"), join(here, "../kernel/init.pl"), numbers.join(" "), String(engine.pid), ...folders];
  const holder = spawn("perl", argv, { stdio: ["ignore", "pipe", "pipe"], cwd: "/", env: { PATH: "/usr/bin:/bin" }, detached: true });
  const exited = new Promise<void>((resolve) => holder.once("close", () => resolve()));
  holder.once("error", () => undefined);
  let complaint = "";
  holder.stderr.on("data", (chunk) => (complaint += String(chunk)));
  const close = (): Promise<void> => {
    holder.kill("SIGKILL");
    return exited;
  };
  let text = "";
  for await (const chunk of holder.stdout) {
    text += String(chunk);
    const [, pid] = /^(\d+)\n/.exec(text) ?? [];
    if (pid !== undefined) return { pid: Number(pid), close };
  }
  await exited;
  throw new UnavailableError(`cannot confine steps: ${complaint.trim() || "perl ended"}`);
}
