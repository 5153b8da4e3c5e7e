import { readFileSync } from "node:fs";

export interface DocumentedField {
  readonly field: string;
  readonly how: string;
}

/** What docs/engine-api.md says of the fields of a part of `POST /containers/create`. */
export function documentedFields(part: string): readonly DocumentedField[] {
  const page = readFileSync(new URL("../../../docs/engine-api.md", import.meta.url), "utf8");
  const [, section = ""] = page.split(`\n### ${part}\n`);
  const [table = ""] = section.split("\n#");
  return table.split("\n").flatMap((line) => {
    const [, fields = "", how = ""] = line.split("|").map((cell) => cell.trim());
    return [...fields.matchAll(/`(\w+)`/g)].map(([, field = ""]) => ({ field, how }));
  });
}
