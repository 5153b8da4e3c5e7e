import { expect, test } from "vitest";
import { portList } from "../../../../../src/docker/cli/format/port-list.ts";

test("exposed ports are ranges, published ones show where they lead", () => {
  const tcp = { Type: "tcp" } as const;
  expect(
    portList([
      { PrivatePort: 81, ...tcp },
      { PrivatePort: 80, ...tcp },
      { PrivatePort: 443, ...tcp },
    ]),
  ).toBe("80-81/tcp, 443/tcp");
  expect(portList([{ IP: "0.0.0.0", PublicPort: 8080, PrivatePort: 80, ...tcp }])).toBe("0.0.0.0:8080->80/tcp");
  expect(
    portList([
      { IP: "0.0.0.0", PublicPort: 81, PrivatePort: 81, ...tcp },
      { IP: "0.0.0.0", PublicPort: 80, PrivatePort: 80, ...tcp },
      { PrivatePort: 53, Type: "udp" },
    ]),
  ).toBe("53/udp, 0.0.0.0:80-81->80-81/tcp");
});
