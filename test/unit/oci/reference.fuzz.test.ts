import { fc } from "../../support/fuzz.ts";
import { expect, test } from "vitest";
import { InvalidArgumentError } from "../../../src/base/errors.ts";
import { canonicalString, familiarString, parseReference } from "../../../src/oci/reference.ts";
import { parseManifest } from "../../../src/runtime/images/registry/parse-manifest.ts";
import { mediaTypes } from "../../../src/oci/manifest.ts";

const piece = fc.constantFrom(
  "a",
  "library",
  "docker.io",
  "localhost",
  ":",
  "/",
  "@",
  "-",
  ".",
  "_",
  "5000",
  "A",
  "sha256:",
  "0".repeat(64),
  "é",
  "\n",
);

test("whatever a name is, it is parsed to one that parses to itself, or refused", () => {
  const text = fc.oneof(
    fc.string(),
    fc.array(piece, { maxLength: 9 }).map((parts) => parts.join("")),
  );
  fc.assert(
    fc.property(text, (given) => {
      let reference;
      try {
        reference = parseReference(given);
      } catch (error) {
        if (error instanceof InvalidArgumentError) return;
        throw error;
      }
      expect(parseReference(canonicalString(reference))).toEqual(reference);
      // Alone, such a name would be an image's id.
      fc.pre(!/^library\/[0-9a-f]{64}$/.test(reference.path));
      // Nor does Docker say `docker.io` before a repository there whose first part looks like a registry's name.
      fc.pre(reference.domain !== "docker.io" || !/^(?:[^/]*\.[^/]*|localhost)\//.test(reference.path));
      expect(parseReference(familiarString(reference))).toEqual(reference);
      expect(`${reference.domain}/${reference.path}`).toMatch(/^[\w.:[\]-]+\/[a-z0-9/._-]+$/);
    }),
    { numRuns: 3000 },
  );
});

test("docker.io and library/ are left out of a name where Docker leaves them out", () => {
  const said = (name: string): string => familiarString(parseReference(name));
  expect(["docker.io/library/a:1", "library/a", "library/a/b", "docker.io/a/b", "localhost/library/a"].map(said)).toEqual([
    "a:1",
    "a",
    "library/a/b",
    "a/b",
    "localhost/library/a",
  ]);
});

test("whatever a registry says that a manifest is, it is read or refused", () => {
  const value = fc.oneof(fc.jsonValue({ maxDepth: 2 }), fc.constantFrom(...Object.values(mediaTypes), `sha256:${"0".repeat(64)}`, 2));
  const descriptor = fc.record({ mediaType: value, digest: value, size: value, platform: value, annotations: value }, { requiredKeys: [] });
  const manifest = fc.record(
    {
      schemaVersion: fc.oneof(fc.constant(2), value),
      mediaType: value,
      config: fc.oneof(descriptor, value),
      layers: fc.oneof(fc.array(descriptor), value),
      manifests: fc.oneof(fc.array(descriptor), value),
    },
    { requiredKeys: ["schemaVersion"] },
  );
  fc.assert(
    fc.property(fc.oneof(manifest, fc.jsonValue()), fc.string(), (document, type) => {
      try {
        const { kind } = parseManifest(Buffer.from(JSON.stringify(document)), type);
        expect(["image", "index"]).toContain(kind);
      } catch (error) {
        if (!(error instanceof InvalidArgumentError)) throw error;
      }
    }),
    { numRuns: 2000 },
  );
});
