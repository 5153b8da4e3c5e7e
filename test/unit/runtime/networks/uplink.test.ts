import { expect, test } from "vitest";
import { parseUplink } from "../../../../src/runtime/networks/uplink.ts";

test("what the keeper tells of the way out is read, and why there is none", () => {
  expect(parseUplink("nftables uplink 10.213.0.2/30 10.213.0.1")).toEqual({
    kind: "nftables",
    interfaceName: "uplink",
    address: "10.213.0.2",
    prefixLength: 30,
    gateway: "10.213.0.1",
  });
  expect(parseUplink("none pasta: not installed")).toEqual({ kind: "none", reason: "pasta: not installed" });
  expect(parseUplink("")).toEqual({ kind: "none", reason: "" });
});
