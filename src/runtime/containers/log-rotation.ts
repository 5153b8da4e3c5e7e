import { InvalidArgumentError } from "../../base/errors.ts";
import type { HostConfig } from "../../docker/api/types.ts";

/** How large a log grows before the next file is begun, and how many files there are then. */
export interface LogRotation {
  readonly maxBytes: number;
  readonly maxFiles: number;
}

const FACTORS: Readonly<Record<string, number>> = { "": 1, k: 1e3, m: 1e6, g: 1e9, t: 1e12, p: 1e15 };

/**
 * The json-file driver's `max-size` and `max-file` of a container; null when its log grows without end. Sizes count in thousands, as
 * dockerd's do here.
 * @throws InvalidArgumentError in dockerd's words.
 */
export function logRotationOf(host: HostConfig): LogRotation | null {
  const options = (host["LogConfig"] as { readonly Config?: Readonly<Record<string, string>> | null } | null | undefined)?.Config ?? {};
  const { "max-size": size, "max-file": files, compress = "" } = options;
  const maxBytes = size === undefined || size === "-1" ? null : bytesOf(size);
  if (files !== undefined && !/^[+-]?\d+$/.test(files)) throw refused(`strconv.Atoi: parsing ${JSON.stringify(files)}: invalid syntax`);
  const maxFiles = Number(files ?? 1);
  if (maxFiles < 1) throw refused("max-file cannot be less than 1");
  if (/^(1|t|true)$/i.test(compress) && (maxFiles < 2 || maxBytes === null)) {
    throw refused("compress cannot be true when max-file is less than 2 or max-size is not set");
  }
  return maxBytes === null ? null : { maxBytes, maxFiles };
}

function bytesOf(text: string): number {
  const [, number, unit] = /^(\d+(?:\.\d+)?) ?([kmgtp]?)i?b?$/i.exec(text) ?? [];
  if (number === undefined || unit === undefined) throw refused(`invalid size: '${text}'`);
  const bytes = Math.trunc(Number(number) * (FACTORS[unit.toLowerCase()] ?? 1));
  if (bytes <= 0) throw refused("max-size must be a positive number");
  return bytes;
}

function refused(reason: string): InvalidArgumentError {
  return new InvalidArgumentError(`failed to initialize logging driver: ${reason}`);
}
