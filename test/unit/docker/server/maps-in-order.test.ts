import { expect, test } from "vitest";
import { mapsInOrder } from "../../../../src/docker/server/maps-in-order.ts";

test("maps are shown in the order of their names, as Go shows them, and everything else as it is", () => {
  const shown = {
    Name: "n",
    Id: "i",
    Config: { Labels: { b: "1", a: "2" }, Cmd: ["z", "a"], ExposedPorts: { "90/tcp": {}, "80/tcp": {} }, Env: null },
    HostConfig: { LogConfig: { Type: "json-file", Config: { "max-size": "1k", env: "E" } }, Sysctls: null, Binds: [{ b: 1, a: 2 }] },
  };
  expect(JSON.stringify(shown, mapsInOrder)).toBe(
    '{"Name":"n","Id":"i","Config":{"Labels":{"a":"2","b":"1"},"Cmd":["z","a"],"ExposedPorts":{"80/tcp":{},"90/tcp":{}},"Env":null},' +
      '"HostConfig":{"LogConfig":{"Type":"json-file","Config":{"env":"E","max-size":"1k"}},"Sysctls":null,"Binds":[{"b":1,"a":2}]}}',
  );
});
