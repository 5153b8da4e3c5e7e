import { expect, test } from "vitest";
import { processWord } from "../../../../src/oci/dockerfile/process-word.ts";

const values: Readonly<Record<string, string>> = { A: "foo.bar.baz", EMPTY: "", P: "/usr/lib/x.tar.gz", STAR: "a*b/c" };
const word = (text: string, options = {}): string => processWord(text, (name) => values[name], "\\", options);

test("defaults and alternatives depend on whether a variable is set, with a colon on whether it is empty", () => {
  expect(word("${NONE:-d} ${EMPTY:-d} ${EMPTY-d} ${A:+s} ${NONE:+s} ${NONE:-${A}}")).toBe("d d  s  foo.bar.baz");
  expect(() => word("${NONE:?why}")).toThrow('failed to process "${NONE:?why}": NONE: why');
});

test("a match is taken away from the beginning or the end, the shortest or the longest", () => {
  expect(word("${A#foo.} ${A#*.} ${A##*.} ${A%.*} ${A%%.*} ${A#x} ${P##*/} ${P%/*} ${A#?oo}")).toBe(
    "bar.baz bar.baz baz foo.bar foo foo.bar.baz x.tar.gz /usr/lib .bar.baz",
  );
  expect(word("${STAR#a\\*} ${EMPTY#*} ${NONE%x}")).toBe("b/c  ");
});

test("a match is replaced by a text, the first or all", () => {
  expect(word("${A/ba?/X} ${A//ba?/X} ${A/.*/} ${P//\\//_} ${A/none/x}")).toBe("foo.X.baz foo.X.X foo _usr_lib_x.tar.gz foo.bar.baz");
});

test("no pattern takes long, and what is wrong with one is said", () => {
  expect(processWord(`\${A##${"*a".repeat(100)}b}`, () => "a".repeat(4000))).toBe("a".repeat(4000));
  expect(() => processWord("${A#*}", () => "a".repeat(5000))).toThrow("values of more than 4096 characters are not supported");
  expect(() => word("${A#\\x}")).toThrow("invalid escape '\\x'");
  expect(() => word("${A/x}")).toThrow("syntax error: missing '/' in ${}");
  expect(() => word("${A^}")).toThrow("unsupported modifier (^) in substitution");
});

test("a title keeps quotes, and variables that are not set", () => {
  expect(word("echo \"$A\" '$A' ${NONE:-x} $NONE", { keepsQuotes: true, keepsUnset: true })).toBe(
    "echo \"foo.bar.baz\" '$A' ${NONE:-x} $NONE",
  );
});
