import { readFileSync } from "node:fs";
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";

/** Of ours alone, so that the build can write down what it compiles. */
export const ajv = new Ajv2020({
  allErrors: true,
  verbose: true,
  strict: true,
  allowUnionTypes: true,
  strictRequired: false,
  multipleOfPrecision: 6,
  code: { source: true },
});
// Our own words for what a value must be, where ajv's would not help an author.
ajv.addVocabulary(["x-must"]);

/** By the names of their files in `schemas/`; those of suites and setups point into the scenarios', by its file's name as editors read it. */
export const SCHEMAS = ["scenario.schema.json", "suite.schema.json", "setup.schema.json", "exercise.schema.json"] as const;
for (const file of SCHEMAS) {
  ajv.addSchema(JSON.parse(readFileSync(new URL(`../../../schemas/${file}`, import.meta.url), "utf8")) as object, file);
}

/** What ajv makes of one of our schemas. It takes a third of a second, so programs have it from the build (scripts/build.mjs) in this module's place. */
export function compiledSchema(file: string): ValidateFunction {
  const validate = ajv.getSchema(file);
  if (validate === undefined) throw new Error(`there is no schema ${file}`);
  return validate;
}
