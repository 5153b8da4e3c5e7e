import { describe, expect, test } from "vitest";
import { gzipSync } from "node:zlib";
import { compressionOf, decompressed, type Compression } from "../../../../src/oci/tar/decompress.ts";

const text = Array.from({ length: 200 }, (_, index) => `hello, ${index + 1}\n`).join("");

/** The text as xz, bzip2 and zstd compress it. */
const packed: Readonly<Record<Compression, Buffer>> = {
  none: Buffer.from(text),
  gzip: gzipSync(text),
  xz: Buffer.from(
    "/Td6WFoAAATm1rRGAgAhARwAAAAQz1jM4AgrAO1dADQZSe6N74xiZKRWPS44x/2/JDRZ6Bx9DodC+iNGFyz69dVSpFIKjPtMdk4H0pvvlydbiiEX8Fwtki35buk3aGxdIyrijXbwlwCdlxBlw8BIcKiv+MB7CW41et+QmfAnnpfBMGCIUQRq2AivOKo5G2inSz1vSK2QogQDXYKB01BGq18/9PY30GAmCO/MOAv4rWVT8RkwvhxDjdVyTuoz37Venj8DLEK+kencMu0jn5gFcaAVw5HcrDpI2b51iC8ZX6A9Lpkw70QT84pxwamwYfB309LHEuwtFxqcE2iZHzMVmUdl0Jep/MW/I9uWAAAAAABFkxvyjuIJNAABiQKsEAAAYMexm7HEZ/sCAAAAAARZWg==",
    "base64",
  ),
  bzip2: Buffer.from(
    "QlpoOTFBWSZTWfxzCQwAAoZZAAAQQAR/4AJEwAHQ4AFDTTAAVTzTE/1VTEBQ00wADT1Sg96eqqBpHeMzV8e+u+MgFmgFCAJDYNgkIAoaAWZAOMABbDQChAEhsGwSEAUNALMgHGAA+5JkmfJJkmMYqq/Xe973ve9syaTm7u7u/ltttt0mQMyBmQMyBmQMyBmQMyBmQMyPEVVa2223bAAAAAAHi8VVtbbbd6AAAAAA8V8KrbW2277AAAAAAeKvlVttbbd9AAAAAAPFV9K221tu+QAAAAAHiqvtbbbW3fAAAAAADxVV62221u8AAAAAAnHwqq922221AAAAAIf0kyTP2SZJn9JMkz5JJkmf4u5IpwoSH45hIYA=",
    "base64",
  ),
  zstd: Buffer.from(
    "KLUv/QRoXQcAlhQnE7Cl0GpAwD0MgIRIZPceWXIUDgQqAB8AGwByQ4Szoik2RDgrmlJDhLOiKTREOCuaMqMYXlvpXA4RzopmECCggIBAYCD//19KKaWUUsohwlnRlDFEOCuaIoYIZ0VTwhDhrGgG91prrbXWWltrrbXWWiullFJKKaVzzjnnnHMCA5EZx3Ecx3EcR1EURVEURVEMwzAMwzAMw3vvvffegMeoEGi+HeCVNRBGlA8UDGNUjGFShmFKhjEqOhZYeoUrWsnKVagiFeg6PCcMfAmdpfAcDcdr6CyF52g4XuY27m5mbc2MuzPvJsFOAfqvtC8=",
    "base64",
  ),
};

async function* inPieces(data: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < data.length; at += size) yield data.subarray(at, at + size);
}

async function read(source: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of decompressed(source)) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

describe.each(Object.keys(packed) as Compression[])("%s", (compression) => {
  test("is known by its first bytes and read in whatever pieces it comes", async () => {
    expect(compressionOf(packed[compression])).toBe(compression);
    for (const size of [1, 7, 100_000]) expect(await read(inPieces(packed[compression], size))).toBe(text);
  });

  test.skipIf(compression === "none")("that is cut off is refused, by name", async () => {
    const whole = packed[compression];
    await expect(read(inPieces(whole.subarray(0, whole.length - 12), 100_000))).rejects.toThrow(compression);
  });

  // The library's zstd has no checksum that would tell; layers have their digests.
  test.skipIf(compression === "none" || compression === "zstd")("that is corrupt is refused, by name", async () => {
    const flipped = Buffer.from(packed[compression]);
    const middle = Math.floor(flipped.length / 2);
    flipped.writeUInt8(flipped.readUInt8(middle) ^ 0xff, middle);
    await expect(read(inPieces(flipped, 100_000))).rejects.toThrow(compression);
  });

  test("passes on what goes wrong at its source", async () => {
    const failing = (async function* () {
      yield packed[compression].subarray(0, 20);
      throw new RangeError("the disk is gone");
    })();
    await expect(read(failing)).rejects.toThrow(new RangeError("the disk is gone"));
  });
});
