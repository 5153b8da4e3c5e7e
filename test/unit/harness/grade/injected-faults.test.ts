import { expect, test } from "vitest";
import { injectedFaults } from "../../../../src/harness/grade/injected-faults.ts";

const file = (path: string, text: string) => ({ path, mode: 0o644 as const, content: Buffer.from(text) });

test("each fault is the solution without one line that does something, a dozen at most and from all of it", () => {
  const two = injectedFaults([file("a.sh", "#!/bin/sh\n\nset -e\n# why\ndocker ps\n"), file("b", "x\n")]);
  expect(
    two.map(({ name, files }) => `${name} ${files.map(({ content }) => JSON.stringify(Buffer.from(content).toString())).join(" ")}`),
  ).toEqual([
    'a.sh:3 "#!/bin/sh\\n\\n# why\\ndocker ps\\n" "x\\n"',
    'a.sh:5 "#!/bin/sh\\n\\nset -e\\n# why\\n" "x\\n"',
    'b:1 "#!/bin/sh\\n\\nset -e\\n# why\\ndocker ps\\n" ""',
  ]);
  const many = injectedFaults([file("long", Array.from({ length: 100 }, (_, index) => `line ${index}`).join("\n"))]);
  expect(many).toHaveLength(12);
  expect(Number(many[0]?.name.split(":")[1])).toBeLessThan(15);
  expect(many.at(-1)?.name).toBe("long:100");
});
