import { expect, test } from "vitest";
import { acceptWebSocket, frame, takeFrame } from "../../../../src/docker/server/web-socket.ts";

const masked = (opcode: number, text: string): Buffer => {
  const mask = [1, 2, 3, 4];
  const payload = Buffer.from(text).map((byte, index) => byte ^ (mask[index % 4] ?? 0));
  return Buffer.from([0x80 | opcode, 0x80 | payload.length, ...mask, ...payload]);
};

test("the example of RFC 6455 is accepted as it says", () => {
  expect(acceptWebSocket("dGhlIHNhbXBsZSBub25jZQ==", "13")).toContain("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n");
  expect(() => acceptWebSocket("short", "13")).toThrow("bad web socket handshake");
  expect(() => acceptWebSocket("dGhlIHNhbXBsZSBub25jZQ==", "8")).toThrow("bad web socket handshake");
});

test("a client's frame is unmasked, and waited for until it is whole", () => {
  const whole = masked(2, "hello");
  expect(takeFrame(whole.subarray(0, 8))).toBeNull();
  const found = takeFrame(Buffer.concat([whole, masked(8, "")]));
  expect([found?.opcode, found?.payload.toString(), found?.size]).toEqual([2, "hello", whole.length]);
});

test("what a client must not send breaks the connection", () => {
  expect(() => takeFrame(frame(2, Buffer.from("not masked")))).toThrow("not masked");
  expect(() => takeFrame(Buffer.from([0x82, 0xff, 0, 0, 0, 1, 0, 0, 0, 0, 1, 2, 3, 4]))).toThrow("too long");
});

test("our frames tell their length in as many bytes as it needs", () => {
  expect([...frame(2, Buffer.from("hi"))]).toEqual([0x82, 2, 0x68, 0x69]);
  expect([...frame(2, Buffer.alloc(300)).subarray(0, 4)]).toEqual([0x82, 126, 1, 44]);
  expect([...frame(2, Buffer.alloc(70_000)).subarray(0, 10)]).toEqual([0x82, 127, 0, 0, 0, 0, 0, 1, 0x11, 0x70]);
});
