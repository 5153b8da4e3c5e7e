import { expect, test } from "vitest";
import { parseModeChange } from "../../../../src/runtime/build/mode-change.ts";

test("modes change as chmod changes them: octal, and words of who, what and how", () => {
  const changed = (text: string, mode: number, isDirectory = false): string => parseModeChange(text)(mode, isDirectory).toString(8);
  expect(changed("4755", 0o600)).toBe("4755");
  expect(changed("u=rwX,go=rX", 0o600)).toBe("644");
  expect(changed("u=rwX,go=rX", 0o711)).toBe("755");
  expect(changed("u=rwX,go=rX", 0o700, true)).toBe("755");
  expect(changed("+x", 0o644)).toBe("755");
  expect(changed("a-w,u+w", 0o666)).toBe("644");
  expect(changed("g=u,o=", 0o754)).toBe("770");
  expect(changed("u+s,g+s,+t", 0o755)).toBe("7755");
  expect(changed("u-s=rw", 0o4755)).toBe("655");
  expect(changed("o+rw-x", 0o751)).toBe("756");
});

test.each(["", "8", "99999", "u", "u+q", "x=r", "u=r,,g=w", "rwx", "0x1"])("%j is no mode", (text) => {
  expect(() => parseModeChange(text)).toThrow(/invalid chmod parameter/);
});
