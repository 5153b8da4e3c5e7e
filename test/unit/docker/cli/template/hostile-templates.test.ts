import fc from "fast-check";
import { expect, test } from "vitest";
import { plainValue } from "../../../../../src/docker/cli/template/plain-value.ts";
import { compileTemplate } from "../../../../../src/docker/cli/template/template.ts";

const data = plainValue({ Name: "box", List: ["a", "b"], Map: { k: 1 }, None: null, Number: 3 });
const words =
  '{{ }} {{- -}} . .Name .List .Map.k .None.x $ $x := = | ( ) if else end range with define "t" template block break continue , printf "%*d" "%[9]s" index slice len json split join upper 0 -1 1e999 0x "é `r` \'a\' /* */ \n'.split(
    " ",
  );

/** What a template prints, or the message that refuses it. */
function outcome(source: string): string {
  try {
    return `printed: ${compileTemplate(source).execute(data)}`;
  } catch (error) {
    return (error as Error).message;
  }
}

test("whatever a template is, it prints or is refused with a message, and soon", () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.constantFrom(...words), fc.string({ maxLength: 4 })), { maxLength: 30 }), (parts) => {
      expect(outcome(`{{${parts.join(" ")}}}${parts.join("")}`)).toMatch(/^(printed|template): /);
    }),
    { numRuns: 500, interruptAfterTimeLimit: 3000 },
  );
});

test("a template that calls itself is stopped", () => {
  expect(() => compileTemplate('{{define "a"}}{{template "a"}}{{end}}{{template "a"}}').execute(data)).toThrow(
    "exceeded maximum template depth",
  );
});
