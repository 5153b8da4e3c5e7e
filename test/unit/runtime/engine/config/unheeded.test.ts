import { expect, test } from "vitest";
import { unheededWarnings } from "../../../../../src/runtime/engine/config/unheeded.ts";

test("a field that is asked for and has no effect is warned of", () => {
  expect(
    unheededWarnings({
      CgroupParent: "/x",
      DeviceCgroupRules: ["c 1:3 rwm"],
      LogConfig: { Type: "json-file", Config: { tag: "a" } },
      New: [1],
    }),
  ).toEqual([
    "HostConfig.CgroupParent has no effect on this engine. It is kept and shown by inspect.",
    "HostConfig.DeviceCgroupRules has no effect on this engine. It is kept and shown by inspect.",
    "HostConfig.LogConfig has no effect on this engine. It is kept and shown by inspect.",
    "HostConfig.New has no effect on this engine. It is kept and shown by inspect.",
  ]);
});

test("what a client sends without being asked is not warned of", () => {
  const asSent = {
    BlkioWeight: 0,
    BlkioDeviceReadBps: [],
    CgroupParent: "",
    CgroupnsMode: "host",
    DeviceRequests: null,
    MemorySwappiness: -1,
  };
  expect(unheededWarnings({ ...asSent, LogConfig: { Type: "", Config: {} }, Memory: 64 << 20, Binds: ["a:/b"], UsernsMode: "" })).toEqual(
    [],
  );
});
