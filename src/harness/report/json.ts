import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { writeFileAtomic } from "../../base/atomic-file.ts";
import type { Reporter } from "./reporter.ts";

/** Writes the report as JSON to `file`: schemas/report.schema.json says what is in it. */
export function jsonReporter(file: string): Reporter {
  return {
    async onRunEnd(report) {
      await mkdir(dirname(file), { recursive: true });
      await writeFileAtomic(file, `${JSON.stringify(report, null, 2)}\n`);
    },
  };
}
