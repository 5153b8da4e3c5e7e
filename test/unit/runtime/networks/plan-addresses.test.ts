import { expect, test } from "vitest";
import { parseSubnet } from "../../../../src/runtime/networks/ipv4.ts";
import { planAddresses } from "../../../../src/runtime/networks/plan-addresses.ts";

const plan = (subnet: string, asked: Partial<Parameters<typeof planAddresses>[1]> = {}): string =>
  planAddresses(parseSubnet(subnet) ?? { base: 0, prefixLength: 0 }, { reserved: {}, ...asked });

test("the gateway is the one asked for, or the first free address of the range", () => {
  expect(plan("10.9.0.0/24")).toBe("10.9.0.1");
  expect(plan("10.9.0.0/16", { range: "10.9.10.0/24" })).toBe("10.9.10.0");
  expect(plan("10.9.0.0/24", { range: "10.9.0.0/30" })).toBe("10.9.0.1");
  expect(plan("10.9.0.0/24", { gateway: "10.9.0.254", range: "10.9.0.128/25" })).toBe("10.9.0.254");
});

test.each([
  ["10.9.0.0/31", {}, "failed to allocate gateway (): No available addresses on this pool"],
  ["10.9.0.0/32", {}, "failed to allocate gateway (): No available addresses on this pool"],
  ["10.9.0.0/24", { gateway: "10.9.0.0" }, "failed to allocate gateway (10.9.0.0): Address already in use"],
  ["10.9.0.0/24", { gateway: "10.9.0.255" }, "failed to allocate gateway (10.9.0.255): Address already in use"],
  ["10.9.0.0/24", { gateway: "10.8.0.1" }, "failed to allocate gateway (10.8.0.1): Requested address is out of range"],
  ["10.9.0.0/24", { gateway: "odd" }, "invalid gateway address odd in Ipam configuration"],
  ["10.9.0.0/24", { range: "10.8.0.0/24" }, "no matching subnet for range 10.8.0.0/24"],
  ["10.9.0.0/24", { range: "odd" }, "Invalid sub pool odd: invalid CIDR address: odd"],
  ["10.9.0.0/24", { reserved: { a: "10.9.0.1" } }, "failed to allocate secondary ip address (a:10.9.0.1): Address already in use"],
  ["10.9.0.0/24", { reserved: { a: "10.8.0.1" } }, "auxiliary address: (a:10.8.0.1) must belong to the master pool: 10.9.0.0/24"],
  [
    "10.9.0.0/24",
    { reserved: { a: "10.9.0.7", b: "10.9.0.7" } },
    "failed to allocate secondary ip address (b:10.9.0.7): Address already in use",
  ],
])("a network at %s with %j is refused", (subnet, asked, message) => {
  expect(() => plan(subnet, asked as Parameters<typeof plan>[1])).toThrow(message);
});
