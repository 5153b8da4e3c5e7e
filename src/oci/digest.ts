import { createHash } from "node:crypto";
import { InvalidArgumentError } from "../base/errors.ts";
import type { Brand } from "../base/brand.ts";

/** `sha256:` and 64 hex digits (image-spec descriptor.md#digests). */
export type Digest = Brand<string, "Digest">;

/** Of a layer's uncompressed tar (image-spec config.md#layer-diffid). */
export type DiffId = Brand<string, "Digest" | "DiffId">;

/** Of a layer and everything under it (image-spec config.md#layer-chainid). */
export type ChainId = Brand<string, "Digest" | "ChainId">;

/** @throws InvalidArgumentError when `text` is not a sha256 digest. */
export function parseDigest(text: string): Digest {
  if (!/^sha256:[0-9a-f]{64}$/.test(text)) throw new InvalidArgumentError(`invalid digest ${JSON.stringify(text)}`);
  return text as Digest;
}

/** The digest of bytes that are at hand. */
export function digestOf(data: string | Uint8Array): Digest {
  return `sha256:${createHash("sha256").update(data).digest("hex")}` as Digest;
}

/** The hex digits alone, as file names have them. */
export function hexOf(digest: Digest): string {
  return digest.slice("sha256:".length);
}
