import type { Readable, Writable } from "node:stream";
import type { ProcessSpec, RuntimeSpec } from "../../oci/runtime-spec.ts";

/** How a process ended: as wait(2) tells it. `exitCode` is 128+n after signal n, as Docker counts. */
export interface ExitStatus {
  readonly exitCode: number;
  readonly signal: NodeJS.Signals | null;
}

/** A process in a container, whose streams are the engine's to pump. */
export interface SandboxProcess {
  /** In the engine's pid namespace. */
  readonly pid: number;
  /** Where to write its standard input; null when it was started without. With a terminal: the terminal itself. */
  readonly stdin: Writable | null;
  /** With a terminal this is the terminal and `stderr` is null. */
  readonly stdout: Readable;
  readonly stderr: Readable | null;
  readonly exited: Promise<ExitStatus>;
  kill(signal: number): void;
  /** Sets the terminal's window size; nothing without a terminal. */
  resize(size: { readonly height: number; readonly width: number }): void;
}

/** A container's process 1. */
export interface SandboxContainer extends SandboxProcess {
  /** Gives back what is kept for it, by an OCI runtime its cgroups too: for after the end, when what they tell of it has been read. Does not throw. */
  release(): Promise<void>;
}

/**
 * The process could not be started. `exitCode` is what `docker run` then exits with: 127 when the program is not there,
 * 126 when it cannot be executed, else 128. The message is runc's: `exec: "foo": executable file not found in $PATH: unknown`.
 */
export class StartError extends Error {
  readonly exitCode: 126 | 127 | 128;
  /** True: the message is a runtime's whole one; else it lacks what runc says first (`runc create failed: …`). */
  readonly isWhole: boolean;
  constructor(message: string, exitCode: 126 | 127 | 128, options: ErrorOptions & { readonly isWhole?: boolean } = {}) {
    super(message, options);
    this.name = "StartError";
    this.exitCode = exitCode;
    this.isWhole = options.isWhole === true;
  }
}

/** Makes processes out of runtime specs. */
export interface Sandbox {
  /** Starts the container's process 1. Its pid namespace ends with it, and the kernel takes the rest along. @throws StartError */
  start(spec: RuntimeSpec, options: { readonly openStdin: boolean }): Promise<SandboxContainer>;
  /** Runs another process in the namespaces of the container whose process 1 is `pid`. @throws StartError */
  exec(pid: number, spec: RuntimeSpec, process: ProcessSpec, options: { readonly openStdin: boolean }): Promise<SandboxProcess>;
}
