import { InvalidArgumentError } from "../../../base/errors.ts";
import { parseDigest } from "../../../oci/digest.ts";
import { mediaTypes, type Descriptor, type ImageIndex, type Manifest } from "../../../oci/manifest.ts";
import type { Platform } from "../../../oci/platform.ts";

/** What a registry has under a reference: an image, or images to choose from. */
export type RemoteDocument =
  | { readonly kind: "image"; readonly mediaType: string; readonly manifest: Manifest }
  | { readonly kind: "index"; readonly mediaType: string; readonly index: ImageIndex };

const indexTypes: readonly string[] = [mediaTypes.index, mediaTypes.dockerList];
const manifestTypes: readonly string[] = [mediaTypes.manifest, mediaTypes.dockerManifest];
const configTypes: readonly string[] = [mediaTypes.config, mediaTypes.dockerConfig];
const layerTypes: readonly string[] = [
  mediaTypes.layer,
  mediaTypes.layerGzip,
  mediaTypes.layerZstd,
  mediaTypes.dockerLayer,
  mediaTypes.dockerLayerGzip,
  mediaTypes.dockerLayerZstd,
];

/** A configuration is read whole. */
const configLimit = 8 << 20;

/** What we ask a registry for. */
export const acceptedManifests = [...manifestTypes, ...indexTypes].join(", ");

/**
 * Reads a manifest or an index of a registry: nothing in it is believed before.
 * @throws InvalidArgumentError for what is malformed, ambiguous or no image.
 */
export function parseManifest(bytes: Buffer, contentType: string): RemoteDocument {
  const value = parseObject(bytes);
  const mediaType = typeof value["mediaType"] === "string" ? value["mediaType"] : (contentType.split(";")[0] ?? "").trim();
  if (value["schemaVersion"] !== 2)
    throw new InvalidArgumentError(`unsupported manifest: schema version ${JSON.stringify(value["schemaVersion"])}`);
  // One digest must not mean two things (CVE-2021-41190).
  if (value["manifests"] !== undefined && (value["layers"] !== undefined || value["config"] !== undefined)) {
    throw new InvalidArgumentError("invalid manifest: it is both an image and an index");
  }
  if (indexTypes.includes(mediaType)) {
    const manifests = listOf(value["manifests"], "manifests").map((entry) => parseDescriptor(entry));
    return { kind: "index", mediaType, index: { schemaVersion: 2, mediaType, manifests } };
  }
  if (!manifestTypes.includes(mediaType))
    throw new InvalidArgumentError(`unsupported manifest media type ${JSON.stringify(mediaType.slice(0, 200))}`);
  const config = parseDescriptor(value["config"]);
  if (!configTypes.includes(config.mediaType)) throw notAnImage(config.mediaType);
  if (config.size > configLimit) throw new InvalidArgumentError(`the image's configuration is too large: ${config.size} bytes`);
  const layers = listOf(value["layers"], "layers").map((entry) => parseDescriptor(entry));
  for (const layer of layers) {
    if (!layerTypes.includes(layer.mediaType)) throw notAnImage(layer.mediaType);
  }
  return { kind: "image", mediaType, manifest: { schemaVersion: 2, mediaType, config, layers } };
}

/** For which platform an image's configuration says that it is made. @throws InvalidArgumentError when it does not. */
export function parseConfigPlatform(bytes: Buffer): Platform {
  const platform = platformOf(parseObject(bytes));
  if (!platform) throw new InvalidArgumentError("invalid image configuration: it names no platform");
  return platform;
}

function parseObject(bytes: Buffer): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString());
  } catch (error) {
    throw new InvalidArgumentError("invalid manifest: it is no JSON", { cause: error });
  }
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new InvalidArgumentError("invalid manifest: it is no object");
  return value as Record<string, unknown>;
}

function listOf(value: unknown, name: string): readonly unknown[] {
  if (!Array.isArray(value)) throw new InvalidArgumentError(`invalid manifest: ${name} is no list`);
  return value as unknown[];
}

function parseDescriptor(value: unknown): Descriptor {
  if (typeof value !== "object" || value === null) throw new InvalidArgumentError("invalid manifest: a descriptor is missing");
  const { mediaType, digest, size, platform, annotations } = value as Readonly<Record<string, unknown>>;
  if (typeof mediaType !== "string" || typeof digest !== "string")
    throw new InvalidArgumentError("invalid manifest: a descriptor is incomplete");
  if (!Number.isSafeInteger(size) || (size as number) < 0)
    throw new InvalidArgumentError(`invalid manifest: ${JSON.stringify(size)} is no size`);
  const parsed = platformOf(platform);
  return {
    mediaType,
    digest: parseDigest(digest),
    size: size as number,
    ...(parsed && { platform: parsed }),
    ...annotationsOf(annotations),
  };
}

function annotationsOf(value: unknown): Pick<Descriptor, "annotations"> {
  if (typeof value !== "object" || value === null) return {};
  const entries = Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === "string");
  return entries.length === 0 ? {} : { annotations: Object.fromEntries(entries) };
}

function platformOf(value: unknown): Descriptor["platform"] {
  if (typeof value !== "object" || value === null) return undefined;
  const { architecture, os, variant } = value as Readonly<Record<string, unknown>>;
  if (typeof architecture !== "string" || typeof os !== "string") return undefined;
  return { architecture, os, ...(typeof variant === "string" && { variant }) };
}

function notAnImage(mediaType: string): InvalidArgumentError {
  return new InvalidArgumentError(`invalid or unsupported image: encountered media type ${JSON.stringify(mediaType.slice(0, 200))}`);
}
