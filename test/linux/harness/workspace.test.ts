import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { removeTree } from "../../../src/harness/targets/workspace.ts";

const hasIds = process.getuid?.() !== 0 && spawnSync("unshare", ["--map-root-user", "--map-auto", "true"]).status === 0;

test.skipIf(!hasIds)("what a container's user made is removed for an ordinary user (needs one, with a range of ids)", async () => {
  const folder = mkdtempSync(join(tmpdir(), "slipway-test-workspace-"));
  mkdirSync(join(folder, "inner"));
  const script = `mkdir -p ${folder}/inner/theirs/deep && chmod 700 ${folder}/inner/theirs && chown -R 1000:1000 ${folder}/inner/theirs`;
  execFileSync("unshare", ["--map-root-user", "--map-auto", "sh", "-c", script]);
  await removeTree(folder);
  expect(existsSync(folder)).toBe(false);
});
