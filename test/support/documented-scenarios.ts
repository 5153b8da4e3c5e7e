import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

const text = readFileSync(new URL("../../docs/scenario-format.md", import.meta.url), "utf8");

/** The whole page docs/scenario-format.md. */
export const scenarioFormat: string = text;

export interface DocumentedScenario {
  readonly title: string;
  readonly yaml: string;
  /** Files beside it, by name: the blocks before it that begin with a comment of their name. */
  readonly beside: Readonly<Record<string, string>>;
}

/** Its examples, each made whole: a `name`, which the page leaves out of most, is put before them. */
export const documentedScenarios: readonly DocumentedScenario[] = examplesOf(text);

/** Writes an example and what is beside it into a folder; returns the scenario's file. */
export function writeExample({ yaml, beside }: DocumentedScenario, folder: string): string {
  const files = { ...beside, "example.yaml": yaml };
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return join(folder, "example.yaml");
}

function examplesOf(page: string): readonly DocumentedScenario[] {
  const examples: DocumentedScenario[] = [];
  let beside: Record<string, string> = {};
  for (const { index, 1: yaml = "" } of page.matchAll(/^```yaml\n([\s\S]*?)^```$/gm)) {
    const [, file] = /^# (\S+\.yaml)\n/.exec(yaml) ?? [];
    if (file !== undefined) {
      beside[file] = yaml;
      continue;
    }
    const number = examples.length + 1;
    const title = `example ${number}, line ${page.slice(0, index).split("\n").length}`;
    examples.push({ title, yaml: /^name:/m.test(yaml) ? yaml : `name: example-${number}\n${yaml}`, beside });
    beside = {};
  }
  return examples;
}
