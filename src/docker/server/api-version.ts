import { InvalidArgumentError } from "../../base/errors.ts";

/** The range of the Docker Engine API that is served, as minor versions of 1. */
export const MIN_MINOR = 24;
export const MAX_MINOR = 47;
export const API_VERSION = `1.${MAX_MINOR}`;
export const MIN_API_VERSION = `1.${MIN_MINOR}`;

/**
 * The minor version that a request is answered in; the newest when it names none.
 * @throws InvalidArgumentError in the daemon's words when it is out of range.
 */
export function negotiateVersion(version: string | null): number {
  if (version === null) return MAX_MINOR;
  const [major = 0, minor = 0] = version.split(".").map(Number);
  if (major > 1 || (major === 1 && minor > MAX_MINOR)) {
    throw new InvalidArgumentError(`client version ${version} is too new. Maximum supported API version is ${API_VERSION}`);
  }
  if (major < 1 || minor < MIN_MINOR) {
    throw new InvalidArgumentError(
      `client version ${version} is too old. Minimum supported API version is ${MIN_API_VERSION}, please upgrade your client to a newer version`,
    );
  }
  return minor;
}
