import { expect, test } from "vitest";
import { CapturedOutput } from "../../../../src/harness/run/captured-output.ts";

test("output within the limit is kept whole, also when a character is split between chunks", () => {
  const captured = new CapturedOutput(100);
  for (const byte of Buffer.from("héllo 容器\n")) captured.write(Buffer.from([byte]));
  expect(captured.end()).toEqual({ text: "héllo 容器\n", omittedBytes: 0 });
});

test("of too much output the head and the tail are kept, and what is left out is said where it was", () => {
  const captured = new CapturedOutput(10);
  captured.write(Buffer.from("abcdefgh"));
  for (let i = 0; i < 1000; i++) captured.write(Buffer.from("."));
  captured.write(Buffer.from("vwxyz"));
  expect(captured.end()).toEqual({ text: "abcde\n[… 1003 bytes of output left out …]\nvwxyz", omittedBytes: 1003 });
});
