import { execFileSync } from "node:child_process";
import { PassThrough, Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { contextOfStdin } from "../../../../../src/docker/cli/build/stdin.ts";
import { file, tarOf } from "../../../../support/tar-of.ts";

const tar = tarOf(file("Dockerfile", "FROM scratch\n"), file("f", "x".repeat(5000)));
const v7 = Buffer.from(tar);
// A header without a magic: its checksum says that it is one.
v7.fill(0, 257, 265);
v7.write(`${sum(v7.subarray(0, 512)).toString(8).padStart(6, "0")}\0 `, 148);

function sum(header: Buffer): number {
  return header.reduce((total, byte, at) => total + (at >= 148 && at < 156 ? 32 : byte), 0);
}

const options = { file: "", isStrict: true };

describe("stdin as a build's context", () => {
  test.each<readonly [string, Buffer]>([
    ["plain", tar],
    ["without a magic", v7],
    ["by gzip", gzipSync(tar)],
    ...(["bzip2", "xz", "zstd"] as const).flatMap((program) => {
      const bytes = compressed(program, tar);
      return bytes ? [[`by ${program}`, bytes] as const] : [];
    }),
  ])("is a tar, %s, which goes on as it is, in whatever pieces it comes", async (_, bytes) => {
    for (const pieces of [[bytes], [...[...bytes.subarray(0, 600)].map((byte) => Buffer.from([byte])), bytes.subarray(600)]]) {
      const { tar: sent, dockerfile } = await contextOfStdin(Readable.from(pieces), { ...options, file: "other" });
      expect({ dockerfile, isSame: (await buffer(sent)).equals(bytes) }).toEqual({ dockerfile: "other", isSame: true });
    }
  });

  test("is passed on while it comes, and is read no further when nobody wants more", async () => {
    const stdin = new PassThrough();
    stdin.write(tar.subarray(0, 700));
    const { tar: sent } = await contextOfStdin(stdin, options);
    const pieces = sent[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
    expect((await pieces.next()).value).toEqual(tar.subarray(0, 700));
    stdin.write(tar.subarray(700, 1000));
    expect((await pieces.next()).value).toEqual(tar.subarray(700, 1000));
    sent.destroy();
    stdin.write("x");
    await expect.poll(() => stdin.destroyed).toBe(true);
  });

  test.each(["", "FROM scratch\n", "x".repeat(600), "\0".repeat(1024)])("is a Dockerfile when it is no tar", async (text) => {
    const { tar: sent, dockerfile } = await contextOfStdin(Readable.from([Buffer.from(text)]), options);
    expect(dockerfile).toBe("Dockerfile");
    expect((await buffer(sent)).subarray(512, 512 + Buffer.byteLength(text)).toString()).toBe(text);
  });

  test("is no Dockerfile of another name, but for the classic builder, and not endless", async () => {
    const text = (): Readable => Readable.from([Buffer.from("FROM scratch\n")]);
    await expect(contextOfStdin(text(), { file: "x", isStrict: true })).rejects.toThrow(/^ambiguous Dockerfile source/);
    expect((await contextOfStdin(text(), { file: "x", isStrict: false })).dockerfile).toBe("Dockerfile");
    let given = 0;
    const endless = Readable.from(
      (function* () {
        for (;;) yield Buffer.alloc((given += 1) && 65_536, "y\n");
      })(),
    );
    await expect(contextOfStdin(endless, options)).rejects.toThrow("stdin is no tar, and as a Dockerfile larger than 2097152 bytes");
    expect(endless.destroyed).toBe(true);
    expect(given).toBeLessThan(100);
  });
});

function compressed(program: string, bytes: Buffer): Buffer | null {
  try {
    return execFileSync(program, ["-c"], { input: bytes, stdio: ["pipe", "pipe", "ignore"] });
  } catch {
    return null;
  }
}
