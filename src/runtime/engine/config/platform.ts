import { InvalidArgumentError, NotFoundError } from "../../../base/errors.ts";

interface Platform {
  readonly os: string;
  readonly architecture: string;
}

const ARCHITECTURES: Readonly<Record<string, string>> = { x86_64: "amd64", "x86-64": "amd64", aarch64: "arm64", armhf: "arm", i386: "386" };
const SYSTEMS = new Set(["linux", "windows", "darwin", "freebsd"]);

/**
 * Refuses an image that is not of the platform asked for (`linux/arm64`, `arm64`, `linux`; empty for any).
 * @throws NotFoundError with Docker's text, at which clients pull the other; InvalidArgumentError for what is no platform.
 */
export function checkPlatform(wanted: string, image: Platform, reference: string): void {
  if (wanted === "") return;
  const parts = wanted.toLowerCase().split("/");
  const [first = "", second] = parts;
  if (parts.length > 3 || parts.some((part) => !/^[a-z0-9._-]+$/.test(part))) {
    throw new InvalidArgumentError(
      `${JSON.stringify(wanted)} is an invalid component of ${JSON.stringify(wanted)}: platform specifier component must match "^[A-Za-z0-9_-]+$": invalid argument`,
    );
  }
  const os = second === undefined && !SYSTEMS.has(first) ? image.os : first;
  const named = second ?? (SYSTEMS.has(first) ? image.architecture : first);
  const architecture = ARCHITECTURES[named] ?? named;
  if (os === image.os && architecture === image.architecture) return;
  throw new NotFoundError(
    `image with reference ${reference} was found but does not match the specified platform: wanted ${os}/${architecture}, actual: ${image.os}/${image.architecture}`,
  );
}
