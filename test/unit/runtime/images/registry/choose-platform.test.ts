import { expect, test } from "vitest";
import { digestOf } from "../../../../../src/oci/digest.ts";
import type { ImageIndex } from "../../../../../src/oci/manifest.ts";
import { parsePlatform } from "../../../../../src/oci/parse-platform.ts";
import { choosePlatform } from "../../../../../src/runtime/images/registry/choose-platform.ts";

const index: ImageIndex = {
  schemaVersion: 2,
  manifests: [
    ["unknown", "unknown", ""],
    ["linux", "amd64", ""],
    ["linux", "arm", "v6"],
    ["linux", "arm", "v7"],
    ["linux", "arm64", "v8"],
    ["windows", "amd64", ""],
  ].map(([os = "", architecture = "", variant = ""]) => ({
    mediaType: "application/vnd.oci.image.manifest.v1+json",
    digest: digestOf(`${os}/${architecture}/${variant}`),
    size: 1,
    platform: { os, architecture, ...(variant !== "" && { variant }) },
  })),
};

test.each([
  ["linux/amd64", "linux/amd64/"],
  ["linux/x86_64", "linux/amd64/"],
  ["amd64", "linux/amd64/"],
  ["windows/amd64", "windows/amd64/"],
  ["linux/arm64", "linux/arm64/v8"],
  ["linux/aarch64/v8", "linux/arm64/v8"],
  ["linux/arm", "linux/arm/v7"],
  ["linux/arm/v6", "linux/arm/v6"],
])("%s is %s of an index", (wanted, found) => {
  expect(choosePlatform(index, parsePlatform(wanted)).digest).toBe(digestOf(found));
});

test("what an index has not is refused in Docker's words", () => {
  expect(() => choosePlatform(index, parsePlatform("linux/s390x"))).toThrow(
    "no matching manifest for linux/s390x in the manifest list entries",
  );
  expect(() => choosePlatform(index, parsePlatform("linux/arm/v5"))).toThrow("no matching manifest for linux/arm/v5");
});
