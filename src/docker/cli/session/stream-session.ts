import type { Duplex } from "node:stream";
import { copyRaw, demultiplex } from "../../client/multiplexed-stream.ts";
import type { CommandContext } from "../command.ts";
import { DEFAULT_DETACH_KEYS, DetachKeyReader, parseDetachKeys } from "./detach-keys.ts";

export interface SessionOptions {
  /** One raw stream in both directions; otherwise output comes in frames. */
  readonly tty: boolean;
  /** Whether our stdin goes to the container. */
  readonly stdin: boolean;
  /** Empty for docker's own. */
  readonly detachKeys: string;
}

/** The user typed the detach keys: the container goes on without us. */
export class DetachedError extends Error {
  override name = "DetachedError";
  constructor() {
    super("read escape sequence");
  }
}

/**
 * Connects our streams with a container's until its output ends: the end of our stdin is passed on, and a terminal is in raw mode
 * meanwhile. @throws DetachedError
 */
export async function runStreamSession(stream: Duplex, options: SessionOptions, context: CommandContext): Promise<void> {
  const { stdin, stdout, stderr } = context;
  const restore = options.tty && options.stdin ? rawMode(stdin) : (): void => undefined;
  const input = options.stdin ? forwardInput(stream, options, context) : null;
  // The container may end, and the connection with it, while we still write.
  stream.on("error", () => undefined);
  const stop = (): void => void stream.destroy();
  context.signal.addEventListener("abort", stop, { once: true });
  try {
    const output = options.tty ? copyRaw(stream, stdout) : demultiplex(stream, { stdout, stderr });
    // After detaching, what the connection still brings or breaks with is of no interest.
    output.catch(() => undefined);
    await (input ? Promise.race([output, input.detached]) : output);
  } finally {
    context.signal.removeEventListener("abort", stop);
    input?.stop();
    restore();
    stream.destroy();
  }
}

/** Puts a terminal in raw mode; gives back how to leave it. */
export function rawMode(stdin: CommandContext["stdin"]): () => void {
  if (stdin.isTTY !== true || !stdin.setRawMode) return () => undefined;
  stdin.setRawMode(true);
  return () => void stdin.setRawMode?.(false);
}

function forwardInput(stream: Duplex, options: SessionOptions, { stdin }: CommandContext): { detached: Promise<never>; stop(): void } {
  const keys = options.tty ? new DetachKeyReader(parseDetachKeys(options.detachKeys || DEFAULT_DETACH_KEYS)) : null;
  let detach = (_error: Error): void => undefined;
  const detached = new Promise<never>((_resolve, reject) => {
    detach = reject;
  });
  detached.catch(() => undefined);
  const onData = (chunk: Buffer | string): void => {
    const typed = typeof chunk === "string" ? Buffer.from(chunk) : chunk;
    const { pass, detached: leave } = keys ? keys.read(typed) : { pass: typed, detached: false };
    if (pass.length > 0 && !stream.destroyed && !stream.write(pass)) {
      stdin.pause();
      stream.once("drain", () => stdin.resume());
    }
    if (leave) detach(new DetachedError());
  };
  const onEnd = (): void => void stream.end();
  const stop = (): void => {
    stdin.off("data", onData).off("end", onEnd).off("error", onEnd);
    stdin.pause();
  };
  if (stdin.readableEnded || stdin.destroyed) onEnd();
  else stdin.on("data", onData).once("end", onEnd).once("error", onEnd);
  return { detached, stop };
}
