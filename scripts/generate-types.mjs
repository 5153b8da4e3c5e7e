// Writes the TypeScript types of the schemas; with --check fails when they are not what the schemas say.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { compile } from "json-schema-to-typescript";

const project = join(import.meta.dirname, "..");
const targets = [
  { name: "Scenario", source: "schemas/scenario.schema.json", target: "src/harness/scenario/scenario.generated.ts" },
  { name: "Report", source: "schemas/report.schema.json", target: "src/harness/report/report.generated.ts" },
  { name: "RunEvent", source: "schemas/event.schema.json", target: "src/harness/report/event.generated.ts" },
  { name: "Exercise", source: "schemas/exercise.schema.json", target: "src/harness/grade/exercise.generated.ts" },
];

/**
 * Leaves out which of several keys must be there (beyond an interface's reach; the planner makes unions of them),
 * and descriptions beside a `$ref`, which would double the type.
 */
function simplified(value) {
  if (Array.isArray(value)) return value.map(simplified);
  if (typeof value !== "object" || value === null) return value;
  if (typeof value.$ref === "string") return { $ref: value.$ref };
  const isChoice = (branch) => Object.keys(branch).join() === "required";
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key, inner]) => !(key === "oneOf" && Array.isArray(inner) && inner.every(isChoice)))
      .map(([key, inner]) => [key, simplified(inner)]),
  );
}

/** `type: ["string", "object"]` with properties becomes a union with a named interface, or recursion would never end. */
function withNamedObjects(schema) {
  const defs = {};
  for (const [name, def] of Object.entries(schema.$defs)) {
    if (!Array.isArray(def.type) || !def.type.includes("object")) {
      defs[name] = def;
      continue;
    }
    const { type, description, ...rest } = def;
    const { properties, additionalProperties, required, ...others } = rest;
    defs[`${name}Map`] = { type: "object", properties, additionalProperties, ...(required && { required }) };
    const plain = type.filter((one) => one !== "object").map((one) => ({ ...others, type: one }));
    defs[name] = { description, anyOf: [...plain, { $ref: `#/$defs/${name}Map` }] };
  }
  return { ...schema, $defs: defs };
}

async function typesOf({ name, source }) {
  const schema = JSON.parse(readFileSync(join(project, source), "utf8"));
  const generated = await compile(withNamedObjects(simplified(schema)), name, {
    bannerComment: `/** Generated from ${source} by \`npm run generate\`; do not edit. */`,
    format: true,
    style: { printWidth: 140 },
    ignoreMinAndMaxItems: true,
    unreachableDefinitions: true,
  });
  return generated
    .replace(/^ \* This interface was referenced by [^\n]*\n \* via the [^\n]*\n/gm, "")
    .replace(/^ \*\n \*\/\n/gm, " */\n")
    .replace(/^\/\*\*\n \*\/\n/gm, "");
}

for (const one of targets) {
  const text = await typesOf(one);
  const file = join(project, one.target);
  if (!process.argv.includes("--check")) {
    writeFileSync(file, text);
    continue;
  }
  let current = "";
  try {
    current = readFileSync(file, "utf8");
  } catch {
    // Not there: stale.
  }
  if (current !== text) {
    console.error(`${one.target} is not what the schema says: run \`npm run generate\``);
    process.exitCode = 1;
  }
}
