import { hundredths, type Told } from "./told.ts";

/**
 * JUnit for CodeGrade and Artemis: a single suite, whose cases' names are all different, one for each part. A part that earned less than all of its points is
 * a failure. Artemis (`TestResultXmlParser`) knows a case by its name, and of a failure shows nothing but `message`, so all is in it. CodeGrade's Unit Test
 * step (help.codegrade.com, "Writing Unit Test wrapper scripts"; `CGJunit`) requires `errors`, `failures` and `tests` that are those of the cases, `classname`,
 * `time` and a failure's `message`, and counts a case by its `weight`.
 */
export function partJunit(told: Told, name: string): string {
  const cases = told.parts.map((part) => {
    const open = `    <testcase name="${attribute(part.name)}" classname="${attribute(name)}" time="0" weight="${hundredths(part.points)}"`;
    if (part.passed) return `${open}/>`;
    const message = `${hundredths(part.earned)} / ${hundredths(part.points)}\n\n${part.text}`.trim();
    return `${open}>\n      <failure message="${lines(message)}"/>\n    </testcase>`;
  });
  const failures = told.parts.filter(({ passed }) => !passed).length;
  const suite = `  <testsuite name="${attribute(name)}" tests="${told.parts.length}" failures="${failures}" errors="0" skipped="0" time="0">`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n${[suite, ...cases].join("\n")}\n  </testsuite>\n</testsuites>\n`;
}

/** XML 1.0 has no other control characters, nor halves of surrogate pairs, in any notation. */
function content(text: string): string {
  return text
    .replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, "\ufffd")
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "\ufffd")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;");
}

function attribute(text: string): string {
  return content(text).replaceAll('"', "&quot;").replace(/\s+/g, " ");
}

/** An attribute of several lines: a parser makes a space of each end of a line that is written as it is. */
function lines(text: string): string {
  return content(text)
    .replaceAll('"', "&quot;")
    .replace(/\r\n?|\n/g, "&#10;")
    .replaceAll("\t", "&#9;");
}
