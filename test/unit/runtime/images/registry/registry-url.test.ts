import { expect, test } from "vitest";
import { parseReference } from "../../../../../src/oci/reference.ts";
import { blobUrl, manifestUrl, pingUrl, uploadUrl } from "../../../../../src/runtime/images/registry/registry-url.ts";
import { digestOf } from "../../../../../src/oci/digest.ts";

const digest = digestOf("x");

test.each([
  ["busybox", "https://registry-1.docker.io/v2/library/busybox/manifests/latest"],
  ["user/app:1", "https://registry-1.docker.io/v2/user/app/manifests/1"],
  ["ghcr.io/a/b/c:2", "https://ghcr.io/v2/a/b/c/manifests/2"],
  ["localhost:5000/app", "http://localhost:5000/v2/app/manifests/latest"],
  ["localhost/app", "http://localhost/v2/app/manifests/latest"],
  ["127.3.2.1:81/app:x", "http://127.3.2.1:81/v2/app/manifests/x"],
  ["[::1]:5000/app", "http://[::1]:5000/v2/app/manifests/latest"],
  ["127.0.0.1.example:5000/app", "https://127.0.0.1.example:5000/v2/app/manifests/latest"],
  [`localhost:5000/app:1@${digest}`, `http://localhost:5000/v2/app/manifests/${digest}`],
])("%s is at %s", (name, url) => {
  expect(manifestUrl(parseReference(name)).href).toBe(url);
});

test("blobs, uploads and mounts have their places", () => {
  const reference = parseReference("localhost:5000/a/b");
  expect(pingUrl(reference.domain).href).toBe("http://localhost:5000/v2/");
  expect(blobUrl(reference, digest).href).toBe(`http://localhost:5000/v2/a/b/blobs/${digest}`);
  expect(uploadUrl(reference).href).toBe("http://localhost:5000/v2/a/b/blobs/uploads/");
  const mount = uploadUrl(reference, { digest, from: "other/one" });
  expect(Object.fromEntries(mount.searchParams)).toEqual({ mount: digest, from: "other/one" });
});
