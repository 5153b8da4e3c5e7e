import { expect, test } from "vitest";
import { transitSubnets } from "../../../../src/runtime/launch/way-out.ts";

test("subnets for the way out overlap with nothing that the host routes to, and are none twice", () => {
  const taken = [
    { address: "10.0.0.0", prefixLength: 8 },
    { address: "172.30.0.0", prefixLength: 17 },
    { address: "192.168.0.0", prefixLength: 24 },
  ];
  let seed = 1;
  const random = (): number => (seed = (seed * 16_807) % 2_147_483_647) / 2_147_483_647;
  const found = transitSubnets(taken, random);
  expect(new Set(found).size).toBe(8);
  for (const subnet of found) expect(subnet).toMatch(/^172\.30\.(12[89]|1[3-9]\d|2\d\d)\.\d+$/);
});

test("there is no subnet for the way out where the host routes to all private ones", () => {
  const taken = [
    { address: "10.0.0.0", prefixLength: 8 },
    { address: "172.16.0.0", prefixLength: 12 },
    { address: "192.168.0.0", prefixLength: 16 },
  ];
  expect(transitSubnets(taken, Math.random)).toEqual([]);
});
