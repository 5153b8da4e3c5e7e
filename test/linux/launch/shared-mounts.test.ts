import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { isBuilt } from "../../support/engine-allowed.ts";

const project = join(import.meta.dirname, "../../..");

/** Runs a script where mounts are shared with whoever copied them, as systemd has them on every host of its own; containers' hosts often have not. */
const onSharedMounts = (script: string) =>
  // With nobody but those that come of it: what other tests mount on the host meanwhile is not seen.
  spawnSync("unshare", ["--mount", "--propagation", "private", "sh", "-c", `mount --make-rshared /\n${script}`], {
    encoding: "utf8",
    cwd: project,
  });

test.skipIf(!isBuilt || process.getuid?.() !== 0)(
  "where mounts are shared, as systemd has them, nothing that an engine or a step mounts is seen on the host (needs root and a build)",
  () => {
    const output = mkdtempSync(join(tmpdir(), "slipway-shared-"));
    try {
      const { stdout, stderr, status } = onSharedMounts(
        `places() { cut -d " " -f 5 /proc/self/mountinfo | sort; }; places >${output}/before; node dist/bin/slipway.js run scenarios/01-lifecycle/remove.yaml scenarios/05-options/environment.yaml --output ${output} >${output}/said; ` +
          `code=$?; places | comm -13 ${output}/before -; exit $code`,
      );
      expect({ stdout, stderr, status }).toEqual({ stdout: "", stderr: "", status: 0 });
    } finally {
      rmSync(output, { recursive: true, force: true });
    }
  },
);
