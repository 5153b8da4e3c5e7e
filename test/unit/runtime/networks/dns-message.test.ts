import { expect, test } from "vitest";
import { decodeQuestion, dnsType, encodeAnswer } from "../../../../src/runtime/networks/dns-message.ts";

/** A query as a resolver sends it. */
function query(name: string, type: number): Buffer {
  const labels = name.split(".").flatMap((label) => [Buffer.from([label.length]), Buffer.from(label)]);
  return Buffer.concat([Buffer.from([0x12, 0x34, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0]), ...labels, Buffer.from([0, 0, type, 0, 1])]);
}

test("a question is read in lower case", () => {
  expect(decodeQuestion(query("Web.Front", dnsType.a))).toMatchObject({
    id: 0x1234,
    recursionDesired: true,
    name: "web.front",
    type: dnsType.a,
  });
});

test("an answer repeats the question and points its records at the name there", () => {
  const message = query("web", dnsType.a);
  const question = decodeQuestion(message);
  const answer = question && encodeAnswer(question, ["172.18.0.2"]);
  expect(answer?.toString("hex")).toBe(`123481800001000100000000${message.subarray(12).toString("hex")}c00c00010001000002580004ac120002`);
});

test("a name that is not there is NXDOMAIN, one without such records is empty", () => {
  const question = decodeQuestion(query("web", dnsType.aaaa));
  expect(question && encodeAnswer(question, null).readUInt16BE(2) & 0xf).toBe(3);
  expect(question && encodeAnswer(question, []).readUInt32BE(2)).toBe(0x81800001);
});

test.each([
  ["too short", Buffer.alloc(5)],
  ["an answer", Buffer.concat([Buffer.from([0, 1, 0x80, 0, 0, 1, 0, 0, 0, 0, 0, 0]), Buffer.alloc(5)])],
  ["a label that goes on past the end", Buffer.concat([Buffer.from([0, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 60]), Buffer.from("web")])],
  ["compressed", Buffer.concat([Buffer.from([0, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0xc0, 12]), Buffer.alloc(4)])],
])("%s is no question", (_, message) => {
  expect(decodeQuestion(message)).toBeNull();
});
