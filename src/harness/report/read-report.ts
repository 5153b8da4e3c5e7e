import { Ajv2020 } from "ajv/dist/2020.js";
import { readFileSync } from "node:fs";
import { hasErrno, InvalidArgumentError, messageOf } from "../../base/errors.ts";
import type { Report } from "./report.ts";

/**
 * A report that `--reporter json` wrote.
 * @throws InvalidArgumentError naming the file, and the place in it, when it is none.
 */
export function readReport(file: string): Report {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    throw new InvalidArgumentError(hasErrno(error, "ENOENT") ? `${file}: no such file` : messageOf(error), { cause: error });
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new InvalidArgumentError(`${file} is no report of slipway: it is no JSON; --reporter json=FILE writes one`, { cause: error });
  }
  const schema = JSON.parse(readFileSync(new URL("../../../schemas/report.schema.json", import.meta.url), "utf8")) as object;
  const isReport = new Ajv2020({ strict: true, allowUnionTypes: true }).compile<Report>(schema);
  if (isReport(value)) return value;
  const [first] = isReport.errors ?? [];
  throw new InvalidArgumentError(
    `${file} is no report of slipway: ${first?.instancePath || "it"} ${first?.message ?? "does not fit its schema"}`,
  );
}
