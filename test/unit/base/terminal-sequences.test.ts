import { stripVTControlCharacters } from "node:util";
import { expect, test } from "vitest";
import { withoutTerminalSequences } from "../../../src/base/terminal-sequences.ts";

const ESC = "\x1b";

test.each([
  ["a colour", `${ESC}[1;31mred${ESC}[0m`, "red"],
  ["a move of the cursor, and a mode", `a${ESC}[2K${ESC}[?25lb${ESC}[10;20Hc`, "abc"],
  ["colours with colons, and a cursor's form", `${ESC}[38:2::1:2:3mx${ESC}[1 q`, "x"],
  ["a title, ended either way", `${ESC}]0;title\x07a${ESC}]2;title${ESC}\\b`, "ab"],
  ["a link", `${ESC}]8;;https://example.org${ESC}\\here${ESC}]8;;${ESC}\\`, "here"],
  ["a string of the device, and a note to an application", `${ESC}P1$r0m${ESC}\\a${ESC}_Gf=24;AAAA${ESC}\\b`, "ab"],
  ["a character set and what is two characters", `${ESC}(B${ESC}7a${ESC}8${ESC}=${ESC}M`, "a"],
  ["eight bits", "\x9b31mred\x9d0;t\x9c", "red"],
])("%s is left out", (_, text, rest) => {
  expect(withoutTerminalSequences(text)).toBe(rest);
});

test("what is begun and not ended hides nothing that comes after it", () => {
  expect(withoutTerminalSequences(`${ESC}]0;no end\nnext`)).toBe("0;no end\nnext");
  expect(withoutTerminalSequences(`${ESC}[12\nnext`)).toBe("12\nnext");
  expect(withoutTerminalSequences(`a${ESC}`)).toBe(`a${ESC}`);
});

test("of colours as programs print them it leaves what Node's own function leaves", () => {
  const text = Array.from({ length: 108 }, (_, code) => `${ESC}[${code}mword ${code}${ESC}[m`).join("\r\n");
  expect(withoutTerminalSequences(text)).toBe(stripVTControlCharacters(text));
});

test.each(["?;", ";", "[", "[;", "]", "]a", "P", "0", ";a", "\x9b", "\x9d", "\x9d0", "\x1b", "\x1b]", "\x1b[", "\x1bP;", " "])(
  "a megabyte of %j after an escape takes no longer than it is long",
  (piece) => {
    expect(withoutTerminalSequences(`${ESC}${piece.repeat(1_000_000 / piece.length)}\n`)).toMatch(/\n$/);
  },
);
