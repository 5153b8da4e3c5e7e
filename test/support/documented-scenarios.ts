import { readFileSync } from "node:fs";

const text = readFileSync(new URL("../../docs/scenario-format.md", import.meta.url), "utf8");

/** The whole page docs/scenario-format.md. */
export const scenarioFormat: string = text;

/** Its examples, each made whole: a `name`, which the page leaves out of most, is put before them. */
export const documentedScenarios: readonly { readonly title: string; readonly yaml: string }[] = [
  ...text.matchAll(/^```yaml\n([\s\S]*?)^```$/gm),
].map(({ index, 1: yaml = "" }, number) => ({
  title: `example ${number + 1}, line ${text.slice(0, index).split("\n").length}`,
  yaml: /^name:/m.test(yaml) ? yaml : `name: example-${number + 1}\n${yaml}`,
}));
