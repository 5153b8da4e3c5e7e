import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { encodeOps, initMessage } from "../../../../src/runtime/kernel/ops.ts";

test("perl reads the operations as they were written, byte for byte", () => {
  const bytes = encodeOps([
    { op: "hostname", name: "bücher\n\0x", optional: true },
    { op: "exec", args: ["a b", ""], env: ["X=1"] },
    { op: "capabilities", capabilities: [0, 31, 32, 40] },
  ]);
  const script = 'local $/; for (unpack "(N/a*)*", <STDIN>) { print join("|", map { unpack "H*", $_ } unpack "(N/a*)*", $_), "\\n" }';
  const hex = (text: string): string => Buffer.from(text).toString("hex");
  expect(spawnSync("perl", ["-e", script], { input: bytes, encoding: "utf8" }).stdout.split("\n")).toEqual([
    [hex("?hostname"), hex("bücher\n\0x")].join("|"),
    [hex("exec"), hex("2"), hex("a b"), "", hex("X=1")].join("|"),
    [hex("capabilities"), hex("2147483649"), hex("257")].join("|"),
    "",
  ]);
});

test("a message begins with its length", () => {
  const message = initMessage(encodeOps([]));
  expect(message.readUInt32BE(0)).toBe(message.length - 4);
});
