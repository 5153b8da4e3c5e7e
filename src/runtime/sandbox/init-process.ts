import { type ChildProcess, spawn } from "node:child_process";
import { constants } from "node:os";
import type { Duplex } from "node:stream";
import { inNamespaces, type NamespaceChange } from "../kernel/namespaces.ts";
import { encodeOps, type InitOp, initMessage } from "../kernel/ops.ts";
import type { ExitStatus } from "./sandbox.ts";

/** `init.pl` at work: what it says on `control` is of its operations, until an exec closes that. */
export interface InitProcess {
  readonly child: ChildProcess;
  readonly control: Duplex;
  readonly exited: Promise<ExitStatus>;
}

/** Spawns the program `init` in these namespaces, with these standard streams, and gives it its operations. */
export function spawnInit(
  init: string,
  namespaces: NamespaceChange,
  ops: readonly InitOp[],
  stdio: readonly ("ignore" | number)[],
): InitProcess {
  const message = initMessage(encodeOps(ops));
  const child = inNamespaces(namespaces, () =>
    spawn("perl", ["-w", init], { stdio: [...stdio, "pipe"], cwd: "/", env: { PATH: process.env["PATH"] ?? "/usr/bin:/bin" } }),
  );
  const control = child.stdio[3] as Duplex;
  control.write(message);
  const exited = new Promise<ExitStatus>((resolve) => child.once("exit", (code, signal) => resolve(exitStatus(code, signal))));
  return { child, control, exited };
}

function exitStatus(code: number | null, signal: NodeJS.Signals | null): ExitStatus {
  return { exitCode: code ?? 128 + (signal === null ? 0 : constants.signals[signal]), signal };
}
