import { expect, test } from "vitest";
import { digestOf } from "../../../../../src/oci/digest.ts";
import { parseReference } from "../../../../../src/oci/reference.ts";
import { RegistryHosts } from "../../../../../src/runtime/images/registry/registry-hosts.ts";
import { blobUrl, manifestUrl, pingUrl, uploadUrl } from "../../../../../src/runtime/images/registry/registry-url.ts";

const digest = digestOf("x");

test.each([
  ["busybox", "https://registry-1.docker.io/v2/library/busybox/manifests/latest"],
  ["user/app:1", "https://registry-1.docker.io/v2/user/app/manifests/1"],
  ["ghcr.io/a/b/c:2", "https://ghcr.io/v2/a/b/c/manifests/2"],
  ["localhost:5000/app", "https://localhost:5000/v2/app/manifests/latest"],
  [`localhost:5000/app:1@${digest}`, `https://localhost:5000/v2/app/manifests/${digest}`],
])("%s is at %s", (name, url) => {
  const reference = parseReference(name);
  expect(manifestUrl(new RegistryHosts().origins(reference.domain)[0], reference).href).toBe(url);
});

test("blobs, uploads and mounts have their places", () => {
  const reference = parseReference("localhost:5000/a/b");
  const origin = new URL("http://localhost:5000/");
  expect(pingUrl(origin).href).toBe("http://localhost:5000/v2/");
  expect(blobUrl(origin, reference, digest).href).toBe(`http://localhost:5000/v2/a/b/blobs/${digest}`);
  expect(uploadUrl(origin, reference).href).toBe("http://localhost:5000/v2/a/b/blobs/uploads/");
  const mount = uploadUrl(origin, reference, { digest, from: "other/one" });
  expect(Object.fromEntries(mount.searchParams)).toEqual({ mount: digest, from: "other/one" });
});
