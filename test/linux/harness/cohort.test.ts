import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { hasNamespaces } from "../../support/engine-allowed.ts";

const project = join(import.meta.dirname, "../../..");
const allowed = process.getuid?.() === 0 && hasNamespaces;

describe.skipIf(!existsSync(join(project, "dist/bin/slipway.js")) || !allowed)(
  "a cohort (needs a build, and root with user namespaces)",
  () => {
    test("good, partly good, wrong, hostile, empty and broken ones get the same gradebook from a grader that is killed and resumed", async () => {
      const bench = join(project, "bench/cohort.mjs");
      const { stdout } = await promisify(execFile)(process.execPath, [bench, "--count", "17", "--kills", "2"], { timeout: 590_000 });
      expect(stdout).toContain("ok: both gradebooks are the same, byte for byte\nok: nothing is left behind\n");
      expect(stdout).toContain("13 graded, 1 empty, 3 refused\n");
    }, 600_000);
  },
);
