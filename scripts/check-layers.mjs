// Checks the layer picture with dependency-cruiser, and that it saw the code: under some TypeScript versions it sees nothing and passes.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { cruise } from "dependency-cruiser";
import extractTSConfig from "dependency-cruiser/config-utl/extract-ts-config";
import { createRequire } from "node:module";

const project = join(import.meta.dirname, "..");
process.chdir(project);
const ruleSet = createRequire(import.meta.url)("../.dependency-cruiser.cjs");
const { output } = await cruise(
  ["src"],
  { ...ruleSet.options, validate: true, ruleSet: { forbidden: ruleSet.forbidden } },
  { extensions: [".ts", ".js", ".json"] },
  { tsConfig: extractTSConfig("tsconfig.json") },
);

const files = readdirSync("src", { recursive: true }).filter((name) => name.endsWith(".ts"));
const seen = output.modules.filter(({ source }) => source.startsWith("src/") && source.endsWith(".ts")).length;
for (const { rule, from, to } of output.summary.violations) console.error(`${rule.name}: ${from} → ${to}`);
if (seen < files.length) {
  console.error(`dependency-cruiser saw ${seen} of ${files.length} modules`);
  process.exitCode = 1;
} else if (output.summary.error > 0) {
  process.exitCode = 1;
} else {
  console.log(`layers: ${seen} modules, ${output.summary.totalDependenciesCruised} imports, all downhill`);
}
