import { expect, test } from "vitest";
import { plainEntryName } from "../../../src/base/entry-name.ts";
import { trimEndOf } from "../../../src/base/trim-end.ts";

test("an entry is named as from the archive's root", () => {
  expect(["./a/b/", "/a", "a//", "././/a", "..", "./", ".a/.b"].map(plainEntryName)).toEqual(["a/b", "a", "a", "a", "..", "", ".a/.b"]);
});

test("runs of what is left out at the end are looked at once, also within the text", () => {
  expect(plainEntryName(`a${"/".repeat(1_000_000)}b`)).toHaveLength(1_000_002);
  expect(trimEndOf(`${"\n ".repeat(500_000)}x \n`, "\n ")).toHaveLength(1_000_001);
  expect(trimEndOf("", "x")).toBe("");
});
