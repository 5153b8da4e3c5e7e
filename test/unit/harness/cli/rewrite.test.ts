import { expect, test } from "vitest";
import { type Edit, rewriteYaml } from "../../../../src/harness/cli/update/rewrite.ts";
import { parse } from "yaml";

const edit = (line: number, column: number, value: string | number, key: string | null = null): Edit => ({
  location: { file: "a.yaml", line, column },
  key,
  value,
});

const source = `# a comment at the top
name: a
steps:
  - run: echo hi   # what it does
    expect:
      stdout: hello # greeting
      exitCode: 0
  - run: two
    expect: { stdout: one, exitCode: 3 } # in braces
  - run: three
    expect:
      stderr: { equals: old } # a map
      stdout: |
        first

        third
  # a comment below
  - run: four
`;

test("values change, and every comment, quote and indentation else stays", () => {
  const { text, done } = rewriteYaml(source, [
    edit(6, 7, "two\nlines"),
    edit(7, 7, 4),
    edit(9, 15, "a, b"),
    edit(12, 7, "new: one", "equals"),
    edit(13, 7, "only"),
    edit(3, 1, "not a plain value"),
  ]);
  expect(done).toHaveLength(5);
  expect(text).toBe(`# a comment at the top
name: a
steps:
  - run: echo hi   # what it does
    expect:
      stdout: |- # greeting
        two
        lines
      exitCode: 4
  - run: two
    expect: { stdout: "a, b", exitCode: 3 } # in braces
  - run: three
    expect:
      stderr: { equals: "new: one" } # a map
      stdout: only
  # a comment below
  - run: four
`);
});

test.each([
  "",
  " leading",
  "tab\there\nx",
  "trailing \nx",
  "true",
  "1",
  "- x",
  "a\n\n\nb",
  "\u0007",
  "#",
  "'\"",
  "é\n漢",
  "...\nx",
  "  a\nb",
  "a: b\nc",
])("%j is read back as it was, as a block and in braces", (value) => {
  for (const yaml of ["expect:\n  stdout: x\nafter: 1\n", "expect: { stdout: x }\nafter: 1\n"]) {
    const column = yaml.includes("{") ? 11 : 3;
    const { text } = rewriteYaml(yaml, [edit(yaml.includes("{") ? 1 : 2, column, value)]);
    expect(parse(text)).toEqual({ expect: { stdout: value }, after: 1 });
  }
});

test("a block's comment stays on its first line, anchors stay, and lines end as they did", () => {
  const blocks = `steps:
  - expect:
      stdout: | # why
        old
  - expect:
      stdout: >- # folded
        old
        text
  - expect: &all
      stdout: &one old # anchored
  - expect: *all
`;
  const edits = [edit(3, 7, "a\nb"), edit(6, 7, "one line"), edit(10, 7, "c\nd")];
  const wanted = `steps:
  - expect:
      stdout: |- # why
        a
        b
  - expect:
      stdout: one line # folded
  - expect: &all
      stdout: &one |- # anchored
        c
        d
  - expect: *all
`;
  expect(rewriteYaml(blocks, edits).text).toBe(wanted);
  expect(rewriteYaml(blocks.replaceAll("\n", "\r\n"), edits).text).toBe(wanted.replaceAll("\n", "\r\n"));
});
