import { expect, test } from "vitest";
import { lookUpUser } from "../../../../../src/runtime/engine/files/users.ts";

const files = {
  passwd: "root:x:0:0:root:/root:/bin/sh\nweb:x:33:34::/srv:/bin/false\n",
  group: "root:x:0:\nwww:x:34:\nlog:x:50:other,web\n",
};

test("names, numbers and groups are found as runc finds them", () => {
  expect(lookUpUser("", files)).toMatchObject({ uid: 0, gid: 0, home: "/root" });
  expect(lookUpUser("web", files)).toEqual({ uid: 33, gid: 34, additionalGids: [34, 50], home: "/srv" });
  expect(lookUpUser("33", files)).toMatchObject({ uid: 33, gid: 34, home: "/srv" });
  expect(lookUpUser("1000", files)).toMatchObject({ uid: 1000, gid: 0, home: "/" });
  expect(lookUpUser("web:log", files)).toMatchObject({ uid: 33, gid: 50 });
  expect(lookUpUser("1000:2000", files)).toMatchObject({ uid: 1000, gid: 2000 });
});

test("what is not there is refused in Docker's words", () => {
  expect(() => lookUpUser("nobody1", files)).toThrow("unable to find user nobody1: no matching entries in passwd file");
  expect(() => lookUpUser("0:nogrp", files)).toThrow("unable to find group nogrp: no matching entries in group file");
  expect(() => lookUpUser("4294967295", files)).toThrow("uids and gids must be in range 0-2147483647");
});
