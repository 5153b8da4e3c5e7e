import { realpathSync } from "node:fs";
import { InternalError, messageOf } from "../../base/errors.ts";

/** Below it are the engine's own files, which no link of a user's is to lead to. */
export const ENGINES_OWN = "/run/slipway";
const NO_SUCH = "no such file or directory";

/**
 * The folder that a volume of the local driver with `o=bind` is, its links resolved; `data` is where Docker mounts it.
 * @throws InternalError in Docker's words when it is not there, or is one of the engine's own.
 */
export function bindDevice(device: string, data: string): string {
  const refused = (why: string, cause?: unknown): InternalError =>
    new InternalError(`failed to mount local volume: mount ${device}:${data}, flags: 0x1000: ${why}`, { cause });
  let path: string;
  try {
    path = realpathSync(device);
  } catch (error) {
    throw refused((error as NodeJS.ErrnoException).code === "ENOENT" ? NO_SUCH : messageOf(error), error);
  }
  if (path === ENGINES_OWN || path.startsWith(`${ENGINES_OWN}/`)) throw refused(NO_SUCH);
  return path;
}
