import { describe, expect, test } from "vitest";
import { parseBind, parseMode } from "../../../../src/runtime/volumes/volume-spec.ts";

describe("parseBind", () => {
  test("a host path is a bind, and its modes are kept as written", () => {
    expect(parseBind("/srv/../data/:/d/:ro,z,rslave")).toEqual({
      type: "bind",
      source: "/data",
      destination: "/d",
      mode: "ro,z,rslave",
      readonly: true,
      propagation: "rslave",
      copyUp: false,
    });
  });

  test("a name is a volume, a lone path an anonymous one", () => {
    expect(parseBind("data:/d:nocopy")).toMatchObject({ type: "volume", source: "data", copyUp: false, propagation: "" });
    expect(parseBind("/d")).toMatchObject({ type: "volume", source: "", destination: "/d", copyUp: true });
  });

  test.each([
    ["", "invalid volume specification: ''"],
    [":", "invalid volume specification: ':'"],
    ["/x:/y:ro:z", "invalid volume specification: '/x:/y:ro:z'"],
    [
      "foo",
      `invalid volume specification: 'foo': invalid mount config for type "volume": invalid mount path: 'foo' mount path must be absolute`,
    ],
    ["a:/", `invalid volume specification: 'a:/': invalid mount config for type "volume": invalid specification: destination can't be '/'`],
    ["/x::ro", `invalid volume specification: '/x::ro': invalid mount config for type "bind": field Target must not be empty`],
    [
      "/x:/y:nocopy",
      `invalid volume specification: '/x:/y:nocopy': invalid mount config for type "bind": field VolumeOptions must not be specified`,
    ],
    [
      "v1:/y:rshared",
      `invalid volume specification: 'v1:/y:rshared': invalid mount config for type "volume": field BindOptions must not be specified`,
    ],
    ["/x:/y:bad", "invalid mode: bad"],
    ["/x:/y:ro,rw", "invalid mode: ro,rw"],
  ])("%j is refused in Docker's words", (text, message) => {
    expect(() => parseBind(text)).toThrow(expect.objectContaining({ message }));
  });
});

test("parseMode takes one option of each kind", () => {
  expect(parseMode("")).toEqual({ readonly: false, propagation: "", noCopy: false });
  expect(() => parseMode("z,Z")).toThrow("invalid mode: z,Z");
});
