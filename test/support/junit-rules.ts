import type { XmlElement } from "./xml.ts";

/**
 * What is wrong with a JUnit document by the rules of Jenkins' junit-10.xsd (the whole) and of Maven Surefire's surefire-test-report.xsd
 * (each suite, which is a document's root there). Surefire's are the narrower, so suites are held to those, and only the root to Jenkins'.
 * `more`: attributes that a profile has besides.
 */
export function junitProblems(
  root: XmlElement,
  more: { readonly suite?: readonly string[]; readonly case?: readonly string[] } = {},
): readonly string[] {
  const problems: string[] = [];
  const report = (element: XmlElement, what: string): void => void problems.push(`<${element.name}> ${what}`);

  const check = (element: XmlElement, required: readonly string[], optional: readonly string[], order: readonly string[]): void => {
    for (const name of required) if (!(name in element.attributes)) report(element, `lacks ${name}`);
    for (const name of Object.keys(element.attributes)) {
      if (!required.includes(name) && !optional.includes(name)) report(element, `must not have ${name}`);
    }
    const time = element.attributes["time"];
    if (time !== undefined && !/^(([0-9]{0,3},)*[0-9]{3}|[0-9]{0,3})*(\.[0-9]{0,3})?$/.test(time)) report(element, `has the time ${time}`);
    const places = element.children.map(({ name }) => order.indexOf(name));
    if (places.includes(-1)) report(element, `must not hold ${element.children.map(({ name }) => name).join(", ")}`);
    if (places.some((place, index) => index > 0 && place < (places[index - 1] ?? 0))) report(element, "holds its children out of order");
    if (element.children.length > 0 && element.text.trim() !== "") report(element, "holds text between elements");
  };

  check(root, [], ["name", "time", "tests", "failures", "errors"], ["testsuite"]);
  if (root.name !== "testsuites") report(root, "is not <testsuites>");
  for (const suite of root.children) {
    check(suite, ["name", "tests", "errors", "skipped", "failures"], ["time", "group", ...(more.suite ?? [])], ["properties", "testcase"]);
    for (const child of suite.children) {
      if (child.name === "properties") {
        check(child, [], [], ["property"]);
        for (const property of child.children) check(property, ["name", "value"], [], []);
        continue;
      }
      const reruns = ["rerunFailure", "rerunError", "flakyFailure", "flakyError"];
      const order = ["failure", "rerunFailure", "skipped", "error", "rerunError", "flakyFailure", "flakyError", "system-out", "system-err"];
      check(child, ["name", "time"], ["classname", "group", ...(more.case ?? [])], order);
      for (const name of ["skipped", "error", "system-out", "system-err"]) {
        if (child.children.filter((inner) => inner.name === name).length > 1) report(child, `has ${name} twice`);
      }
      for (const inner of child.children) {
        if (reruns.includes(inner.name)) {
          check(inner, ["type"], ["message"], ["stackTrace", "system-out", "system-err"]);
          if (inner.children[0]?.name !== "stackTrace") report(inner, "lacks its stackTrace");
        } else if (inner.name === "failure" || inner.name === "error") check(inner, ["type"], ["message"], []);
        else check(inner, [], inner.name === "skipped" ? ["message"] : [], []);
      }
    }
    const count = (name: string): number => suite.children.filter(({ children }) => children.some((inner) => inner.name === name)).length;
    for (const [attribute, name] of [
      ["failures", "failure"],
      ["errors", "error"],
      ["skipped", "skipped"],
    ] as const) {
      if (Number(suite.attributes[attribute]) !== count(name))
        report(suite, `counts ${suite.attributes[attribute]} ${attribute}, has ${count(name)}`);
    }
  }
  return problems;
}
