import { expect, test } from "vitest";
import { parsePorts } from "../../../../../src/docker/cli/container-request/parse-ports.ts";

test("a port is published with or without host port and address, and ranges pair off", () => {
  const { bindings, exposed } = parsePorts(
    ["80", "8080:80", "127.0.0.1::53/udp", "[::1]:90:90", "7000-7001:70-71", "9000-9009:99"],
    ["5/udp"],
  );
  expect(bindings).toEqual({
    "80/tcp": [
      { HostIp: "", HostPort: "" },
      { HostIp: "", HostPort: "8080" },
    ],
    "53/udp": [{ HostIp: "127.0.0.1", HostPort: "" }],
    "90/tcp": [{ HostIp: "::1", HostPort: "90" }],
    "70/tcp": [{ HostIp: "", HostPort: "7000" }],
    "71/tcp": [{ HostIp: "", HostPort: "7001" }],
    "99/tcp": [{ HostIp: "", HostPort: "9000-9009" }],
  });
  expect(Object.keys(exposed)).toContain("5/udp");
});

test.for([
  ["abc", "invalid containerPort: abc"],
  ["80-81:80-82", "invalid ranges specified for container and host Ports: 80-82 and 80-81"],
  ["99999:80", "invalid hostPort: 99999"],
  ["1.2.3:80:80", "invalid IP address: 1.2.3"],
  ["80:80/foo", "invalid proto: foo"],
] as const)("-p %s is refused: %s", ([text, message]) => {
  expect(() => parsePorts([text], [])).toThrow(message);
});
