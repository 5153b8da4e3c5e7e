import { expect, test } from "vitest";
import { AddressPool } from "../../../../src/runtime/networks/address-pool.ts";
import { parseSubnet, type Subnet } from "../../../../src/runtime/networks/ipv4.ts";

const subnet = (text: string): Subnet => parseSubnet(text) ?? { base: 0, prefixLength: 0 };

test("the lowest free address is next", () => {
  const pool = new AddressPool({ subnet: subnet("172.17.0.0/16"), gateway: "172.17.0.1", of: "net" });
  expect([pool.take(), pool.take(), pool.take()]).toEqual(["172.17.0.2", "172.17.0.3", "172.17.0.4"]);
  pool.release("172.17.0.3");
  expect([pool.take(), pool.take()]).toEqual(["172.17.0.3", "172.17.0.5"]);
});

test("a chosen address must be in the subnet and free", () => {
  const pool = new AddressPool({ subnet: subnet("10.9.0.0/24"), gateway: "10.9.0.1", of: "net" });
  expect(pool.take("10.9.0.77")).toBe("10.9.0.77");
  expect(() => pool.take("10.9.0.77")).toThrow("Address already in use");
  expect(() => pool.take("10.10.0.9")).toThrow("Invalid address 10.10.0.9: It does not belong to any of this network's subnets");
});

test("a full network says so, and its range bounds what is handed out", () => {
  const pool = new AddressPool({ subnet: subnet("10.9.0.0/24"), gateway: "10.9.0.128", of: "net", range: subnet("10.9.0.128/30") });
  expect([pool.take(), pool.take(), pool.take()]).toEqual(["10.9.0.129", "10.9.0.130", "10.9.0.131"]);
  expect(() => pool.take()).toThrow("no available IPv4 addresses on this network's address pools: net");
});
