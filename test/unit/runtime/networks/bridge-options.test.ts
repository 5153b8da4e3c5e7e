import { expect, test } from "vitest";
import { bridgeOptions, checkMtu, idleOptions } from "../../../../src/runtime/networks/bridge-options.ts";

test("a bridge's options are read as Docker reads them", () => {
  expect(bridgeOptions({})).toEqual({ mtu: 1500, isolated: false });
  expect(bridgeOptions({ "com.docker.network.driver.mtu": "0" })).toEqual({ mtu: 1500, isolated: false });
  expect(bridgeOptions({ "com.docker.network.driver.mtu": "9000", "com.docker.network.bridge.enable_icc": "F" })).toEqual({
    mtu: 9000,
    isolated: true,
  });
});

test("an MTU that no interface can have is refused when a container is to have it", () => {
  const names = { container: "c", network: "n" };
  expect(() => checkMtu({ mtu: 67, isolated: false }, names)).toThrow("failed to create endpoint c on network n: failed to set MTU");
  expect(() => checkMtu({ mtu: 68, isolated: false }, names)).not.toThrow();
});

test("options that do nothing are told", () => {
  const masquerade = "com.docker.network.bridge.enable_ip_masquerade";
  expect(idleOptions({ "com.docker.network.driver.mtu": "9000", [masquerade]: "true", other: "x" })).toEqual([]);
  expect(idleOptions({ [masquerade]: "false", "com.docker.network.bridge.host_binding_ipv4": "127.0.0.1" })).toEqual([
    masquerade,
    "com.docker.network.bridge.host_binding_ipv4",
  ]);
});
