import { InvalidArgumentError, NotFoundError } from "../../../base/errors.ts";
import { hostArchitecture } from "../../../oci/architecture.ts";
import type { Descriptor, ImageIndex } from "../../../oci/manifest.ts";
import type { Platform } from "../../../oci/platform.ts";

const aliases: Readonly<Record<string, string>> = { x86_64: "amd64", "x86-64": "amd64", aarch64: "arm64", armhf: "arm", i386: "386" };

/** Parses `--platform`: `linux/arm64/v8`, `linux`, `arm64`; empty for this machine's. @throws InvalidArgumentError */
export function parsePlatform(text: string): Platform {
  const parts = text.toLowerCase().split("/");
  if (text === "") return { os: "linux", architecture: hostArchitecture() };
  if (parts.length > 3) throw new InvalidArgumentError(`"${text}": cannot parse platform specifier: invalid argument`);
  if (!parts.every((part) => /^[a-z0-9_.-]+$/.test(part))) {
    throw new InvalidArgumentError(`"${text}": unknown operating system or architecture: invalid argument`);
  }
  const [first = "", second, third] = parts;
  if (second === undefined && first === "linux") return { os: "linux", architecture: hostArchitecture() };
  const [os, architecture, variant] = second === undefined ? ["linux", first] : [first, second, third];
  return { os, architecture: aliases[architecture] ?? architecture, ...(variant !== undefined && { variant }) };
}

/** The manifest of an index for a platform, as containerd orders them: the first that fits. @throws NotFoundError in Docker's words. */
export function choosePlatform({ manifests }: ImageIndex, wanted: Platform): Descriptor {
  const fitting = manifests.filter(
    ({ platform }) =>
      platform && platform.os === wanted.os && (aliases[platform.architecture] ?? platform.architecture) === wanted.architecture,
  );
  const found =
    wanted.variant === undefined
      ? (fitting.find(({ platform }) => platform && variantOf(platform) === variantOf(wanted)) ?? fitting[0])
      : fitting.find(({ platform }) => platform && variantOf(platform) === wanted.variant);
  if (found) return found;
  const { os, architecture, variant } = wanted;
  throw new NotFoundError(
    `no matching manifest for ${os}/${architecture}${variant === undefined ? "" : `/${variant}`} in the manifest list entries`,
  );
}

/** An arm64 without variant is v8, an arm v7. */
function variantOf({ architecture, variant = "" }: Platform): string {
  if (variant !== "") return variant;
  return { arm64: "v8", aarch64: "v8", arm: "v7" }[architecture] ?? "";
}
