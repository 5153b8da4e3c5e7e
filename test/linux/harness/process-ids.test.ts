import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { processIds } from "../../../src/harness/targets/process-ids.ts";

test("the processes looked through are all but this one and the kernel's own threads", async () => {
  const child = spawn("sleep", ["60"], { stdio: "ignore", detached: true });
  await once(child, "spawn");
  const ids = processIds();
  expect(ids).toContain(String(child.pid));
  expect(ids).not.toContain(String(process.pid));
  const isOfKernel = (id: string): boolean => /^PPid:\s*2$/m.test(readFileSync(`/proc/${id}/status`, "utf8"));
  const onHost = readFileSync("/proc/2/comm", "utf8") === "kthreadd\n";
  expect(onHost && ids.includes("3") && isOfKernel("3")).toBe(false);
  child.kill("SIGKILL");
  await once(child, "exit");
});
