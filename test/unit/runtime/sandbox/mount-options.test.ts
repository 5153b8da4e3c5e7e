import { expect, test } from "vitest";
import { parseMountOptions } from "../../../../src/runtime/sandbox/mount-options.ts";

test("flags become attributes, propagation is dropped, and the rest is the file system's", () => {
  expect(parseMountOptions(["rbind", "ro", "nosuid", "rprivate", "mode=1777", "size=64m"])).toEqual({
    attributes: 3,
    data: ["mode=1777", "size=64m"],
    recursive: true,
  });
});
