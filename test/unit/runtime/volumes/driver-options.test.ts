import { expect, test } from "vitest";
import { localVolume } from "../../../../src/runtime/volumes/driver-options.ts";

test("a local volume is a folder, a bind of a folder or a tmpfs, by its options", () => {
  expect(localVolume("v", null)).toEqual({ kind: "folder" });
  expect(localVolume("v", { type: "none", o: "bind", device: "/srv" })).toEqual({ kind: "bind", device: "/srv" });
  expect(localVolume("v", { type: "tmpfs", device: "tmpfs", o: "size=1m,uid=5" })).toEqual({
    kind: "tmpfs",
    options: ["size=1m", "uid=5"],
  });
});

test.each([
  [{ nope: "x" }, 'create v: invalid option: "nope"'],
  [{ size: "1m" }, "create v: quota size requested but no quota support"],
  [{ type: "tmpfs" }, 'create v: missing required option: "device"'],
  [{ device: "/x" }, 'create v: missing required option: "type"'],
  [{ o: "bind" }, 'create v: missing required option: "device"'],
  [{ type: "nfs", device: ":/x", o: "addr=10.0.0.1" }, "create v: a volume of type nfs is the host's root's to mount"],
  [{ type: "none", o: "bind", device: "here" }, "create v: the device of a bind is an absolute path"],
])("options that cannot be are refused: %j", (options, message) => {
  expect(() => localVolume("v", options as Record<string, string>)).toThrow(message);
});
