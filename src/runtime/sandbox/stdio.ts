import { closeSync } from "node:fs";
import { Socket } from "node:net";
import { Readable, Writable } from "node:stream";
import { ReadStream } from "node:tty";
import { openPipe, openTerminal, setWindowSize } from "../kernel/terminal.ts";

/** The two sides of a process's standard streams: descriptors to be born with, and our streams. */
export interface ProcessStdio {
  readonly child: readonly ["ignore" | number, number | "ignore", number | "ignore"];
  readonly terminal: number | null;
  readonly stdin: Writable | null;
  readonly stdout: Readable;
  readonly stderr: Readable | null;
  resize(size: { readonly height: number; readonly width: number }): void;
  /** Closes the child's side in this process; to be called once the child has it. */
  release(): void;
  /** Closes our side: there is no child. */
  destroy(): void;
}

/** Pipes, as Docker's containers have; standard input is /dev/null unless `openStdin`. */
export function pipeStdio(openStdin: boolean): ProcessStdio {
  const input = openStdin ? openPipe() : null;
  const output = openPipe();
  const errors = openPipe();
  const stdin = input === null ? null : new Socket({ fd: input.write, readable: false, writable: true });
  const stdout = new Socket({ fd: output.read, readable: true, writable: false });
  const stderr = new Socket({ fd: errors.read, readable: true, writable: false });
  // Writing to a process that has gone, or closed its input, is no event here.
  stdin?.on("error", () => undefined);
  const release = (): void => [input?.read, output.write, errors.write].forEach((fd) => fd !== undefined && closeSync(fd));
  return {
    child: [input?.read ?? "ignore", output.write, errors.write],
    terminal: null,
    stdin,
    stdout,
    stderr,
    resize: () => undefined,
    release,
    destroy: () => {
      for (const stream of [stdin, stdout, stderr]) stream?.destroy();
    },
  };
}

/** A terminal of the devpts mounted at `devpts`. The process opens its slave itself; we keep the master. */
export function terminalStdio(devpts: string, size: { readonly height: number; readonly width: number } | undefined): ProcessStdio {
  const { master, number } = openTerminal(devpts);
  return { child: ["ignore", "ignore", "ignore"], terminal: number, release: () => undefined, ...masterStreams(master, size) };
}

/** Our side of a terminal, by its master. */
export function masterStreams(
  master: number,
  size: { readonly height: number; readonly width: number } | undefined,
): Pick<ProcessStdio, "stdin" | "stdout" | "stderr" | "resize" | "destroy"> {
  if (size !== undefined && size.height > 0) setWindowSize(master, size);
  const terminal = new ReadStream(master);
  const stdout = new Readable({ read: () => void terminal.resume(), destroy: (error, done) => (terminal.destroy(), done(error)) });
  terminal.on("data", (chunk: Buffer) => {
    if (!stdout.push(chunk)) terminal.pause();
  });
  // The master answers EIO when the last process has closed the slave: that is a terminal's end of file.
  terminal.on("error", () => stdout.push(null));
  terminal.on("end", () => stdout.push(null));
  const stdin = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      if (terminal.destroyed) done();
      else terminal.write(chunk, () => done());
    },
  });
  return {
    stdin,
    stdout,
    stderr: null,
    resize: (to) => {
      if (!terminal.destroyed) setWindowSize(master, to);
    },
    destroy: () => terminal.destroy(),
  };
}
