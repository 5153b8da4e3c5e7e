import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { isBuilt } from "../../support/engine-allowed.ts";

const project = join(import.meta.dirname, "../../..");
const root = process.getuid?.() === 0;

/** Runs a script where /sys/fs/cgroup is version 2, whatever this host has there: the hierarchy of version 2 is always to be had. */
function onVersion2(script: string) {
  const view = "mount --make-rprivate / && umount -lR /sys/fs/cgroup && mount -t cgroup2 none /sys/fs/cgroup";
  return spawnSync("unshare", ["--mount", "sh", "-c", `${view} || exit 77\n${script}`], { encoding: "utf8", cwd: project });
}

test.skipIf(!isBuilt || !root)(
  "on a host with cgroups of version 2 a scenario that pauses passes, and no cgroup stays (needs root and a build)",
  ({ skip }) => {
    const output = mkdtempSync(join(tmpdir(), "slipway-cgroup2-"));
    try {
      // Groups in which something runs are those of other tests' engines.
      const { stdout, status } = onVersion2(
        `node dist/bin/slipway.js run scenarios/01-lifecycle/pause.yaml --output ${output}; code=$?
      for try in $(seq 100); do
        left=$(grep -ls "populated 0" /sys/fs/cgroup/slipway-????????????/cgroup.events)
        [ -z "$left" ] && break
        sleep 0.2
      done
      echo $left; exit $code`,
      );
      skip(status === 77, "this host does not let cgroups be mounted");
      expect(stdout).toContain("1 passed, 0 failed");
      expect(stdout).not.toContain("/sys/fs/cgroup/slipway-");
      expect(status).toBe(0);
    } finally {
      rmSync(output, { recursive: true, force: true });
    }
  },
);
