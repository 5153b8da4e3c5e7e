import { expect, test } from "vitest";
import { NotImplementedError } from "../../../../src/base/errors.ts";
import { checkConfig } from "../../../../src/runtime/networks/endpoint-checks.ts";
import type { NetworkRecord } from "../../../../src/runtime/networks/network-record.ts";

const network = { name: "net", driver: "bridge", ipam: { chosen: true } } as unknown as NetworkRecord;

test.each([
  [{ IPAMConfig: { LinkLocalIPs: ["fe80::8"] } }, "a link-local address of IPv6 cannot be given here: fe80::8"],
  [{ GwPriority: 2 }, "a gateway priority cannot be given here: 2"],
  [{ DriverOpts: { mtu: "9000" } }, "driver options of an endpoint cannot be given here: mtu"],
])("what no network of ours gives is refused, not dropped: %j", (config, message) => {
  expect(() => checkConfig(network, config)).toThrow(new NotImplementedError(message));
});

test("an endpoint that asks for nothing such is fine", () => {
  expect(() => checkConfig(network, { IPAMConfig: { IPv4Address: "172.20.0.9" }, DriverOpts: null, Aliases: ["web"] })).not.toThrow();
});
