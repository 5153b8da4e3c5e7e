import { expect, test } from "vitest";
import {
  decodeQuestion,
  dnsFailure,
  dnsType,
  encodeAnswer,
  encodeFailure,
  truncated,
} from "../../../../src/runtime/networks/dns-message.ts";

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

test("what is too long for the asker is an answer without records, marked as cut off", () => {
  const plain = query("many", dnsType.a);
  const question = decodeQuestion(plain);
  const answer =
    question &&
    encodeAnswer(
      question,
      Array.from({ length: 100 }, (_, index) => `10.0.0.${index}`),
    );
  const cut = question && answer && truncated(question, answer, question.udpSize);
  expect(cut?.toString("hex")).toBe(`123483800001000000000000${plain.subarray(12).toString("hex")}`);
  expect(question && answer && truncated(question, answer, 4096)).toBe(answer);
});

test.each([
  ["nothing beside the question", [], 512],
  ["a size", [0, 0, 41, 0x10, 0], 4096],
  ["too little", [0, 0, 41, 0, 1], 512],
  ["too much", [0, 0, 41, 0xff, 0xff], 4096],
  ["another record", [0, 0, 1, 0x10, 0], 512],
  ["less than a record", [0, 0], 512],
])("with %s the asker takes so many bytes", (_, record, size) => {
  const message = Buffer.concat([query("web", dnsType.a), Buffer.from(record), Buffer.alloc(record.length > 2 ? 6 : 0)]);
  message.writeUInt16BE(record.length > 0 ? 1 : 0, 10);
  expect(decodeQuestion(message)?.udpSize).toBe(size);
});

test("a query that cannot be read is answered so, and what is none is not", () => {
  const broken = query("web", dnsType.a).subarray(0, 14);
  expect(encodeFailure(broken, dnsFailure.format)?.toString("hex")).toBe("123481810000000000000000");
  broken.writeUInt16BE(0x8100, 2);
  expect(encodeFailure(broken, dnsFailure.format)).toBeNull();
  expect(encodeFailure(Buffer.alloc(11), dnsFailure.format)).toBeNull();
});
