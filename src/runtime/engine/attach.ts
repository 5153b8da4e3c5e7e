import { ConflictError } from "../../base/errors.ts";
import type { AttachOptions, StreamIo, StreamSession } from "../../docker/api/engine.ts";
import { parseDetachKeys } from "../containers/detach-keys.ts";
import type { LiveContainer } from "../containers/live-container.ts";
import { emitContainerEvent, type EngineContext } from "./context.ts";
import { writeLogs } from "./logs.ts";

/** `docker attach`: also before the container starts, when nothing of its output may be missed. */
export async function attachContainer(context: EngineContext, ref: string, options: AttachOptions): Promise<StreamSession> {
  const container = context.registry.get(ref);
  const { status } = container.state;
  if (status === "paused") throw new ConflictError(`container ${ref} is paused, unpause the container before attach`);
  if (status === "restarting") throw new ConflictError(`container ${ref} is restarting, wait until the container is running`);
  const tty = container.record.config.Tty === true;
  const keys = parseDetachKeys(options.detachKeys);
  return { tty, run: (io) => runAttach(context, container, options, { io, tty, keys }) };
}

async function runAttach(
  context: EngineContext,
  container: LiveContainer,
  options: AttachOptions,
  { io, tty, keys }: { readonly io: StreamIo; readonly tty: boolean; readonly keys: Buffer },
): Promise<void> {
  if (options.logs) {
    const wanted = {
      follow: false,
      stdout: options.stdout,
      stderr: options.stderr,
      since: null,
      until: null,
      timestamps: false,
      tail: null,
    };
    await writeLogs(container, wanted, io);
  }
  if (!options.stream) return;
  emitContainerEvent(context, container, "attach");
  const end = await container.streams.run({
    stdin: options.stdin ? io.stdin : null,
    stdout: options.stdout ? io.stdout : null,
    stderr: options.stderr && !tty ? io.stderr : null,
    signal: io.signal,
    detachKeys: tty ? keys : null,
    closesInput: container.record.config.StdinOnce === true && !tty,
  });
  if (end === "detached") emitContainerEvent(context, container, "detach");
}
