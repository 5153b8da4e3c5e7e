import { describe, expect, it } from "vitest";
import { parseCommandLine } from "../../../../../src/docker/cli/served/command-line.ts";

describe("a served command's line", () => {
  it("has a directory, words and variables, each of which may be empty or hold newlines", () => {
    const body = ["/work dir", "3", "run", "", "a\nb", "A=1", "B=x=y", "EMPTY="].join("\0");
    expect(parseCommandLine(Buffer.from(body))).toEqual({
      cwd: "/work dir",
      argv: ["run", "", "a\nb"],
      env: { A: "1", B: "x=y", EMPTY: "" },
    });
  });

  it("is refused when it promises more words than it has, or no absolute directory", () => {
    for (const body of ["", "/", "/\x005\0ps", "/\0-1\0ps", "/\0x", "relative\x001\0ps"]) {
      expect(() => parseCommandLine(Buffer.from(body))).toThrow("invalid command line");
    }
  });
});
