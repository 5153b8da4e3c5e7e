import { NotFoundError } from "../../../base/errors.ts";
import type { Descriptor, ImageIndex } from "../../../oci/manifest.ts";
import { canonicalArchitecture } from "../../../oci/parse-platform.ts";
import type { Platform } from "../../../oci/platform.ts";

/** The manifest of an index for a platform, as containerd orders them: the first that fits. @throws NotFoundError in Docker's words. */
export function choosePlatform({ manifests }: ImageIndex, wanted: Platform): Descriptor {
  const fitting = manifests.filter(
    ({ platform }) => platform && platform.os === wanted.os && canonicalArchitecture(platform.architecture) === wanted.architecture,
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
