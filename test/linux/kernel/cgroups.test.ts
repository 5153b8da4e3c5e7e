import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, test } from "vitest";
import type { ContainerCgroup } from "../../../src/runtime/kernel/cgroups.ts";
import { openCgroups } from "../../../src/runtime/kernel/open-cgroups.ts";
import { cgroupFolders } from "../../../src/runtime/launch/cgroup-folders.ts";

/** Makes a root's folders as the keeper does, where this process may. */
function makeFolders(): readonly string[] {
  return cgroupFolders(`slipway-test-${process.pid}`).filter((entry) => {
    const path = entry.slice(entry.indexOf("=") + 1);
    try {
      mkdirSync(path);
      if (entry.startsWith("unified=")) {
        for (const controller of readFileSync(join(path, "cgroup.controllers"), "utf8").trim().split(" ")) {
          writeFileSync(join(path, "cgroup.subtree_control"), `+${controller}`);
        }
      }
      return true;
    } catch {
      return false;
    }
  });
}

const entries = makeFolders();
const cgroups = openCgroups(entries.join(","));
const has = (limits: Parameters<typeof cgroups.unsupported>[0]): boolean => cgroups.unsupported(limits).length === 0;

afterAll(() => {
  for (const entry of entries) rmdirSync(entry.slice(entry.indexOf("=") + 1));
});

describe.skipIf(cgroups.version === null)("cgroups (skipped where this process may not make any)", () => {
  const made: ContainerCgroup[] = [];
  afterEach(async () => {
    for (const cgroup of made.splice(0)) {
      const [directory = ""] = cgroup.directories;
      // A container's processes end with its process 1; these have none.
      for (const pid of readFileSync(join(directory, "cgroup.procs"), "utf8").split("\n").filter(Boolean))
        process.kill(Number(pid), "SIGKILL");
      await cgroup.remove();
    }
  });

  const create = async (limits: Parameters<typeof cgroups.create>[1]): Promise<ContainerCgroup> => {
    const cgroup = await cgroups.create(`c${made.length}`, limits);
    made.push(cgroup);
    return cgroup;
  };

  /** A process that goes into the groups before it becomes `command`, and has come to an end when the test has. */
  const run = (cgroup: ContainerCgroup, command: string): { pid: number; exited: Promise<string | number | null>; kill: () => void } => {
    const enter = cgroup.directories.map((path) => `echo $$ > ${path}/cgroup.procs`).join("; ");
    const child = spawn("sh", ["-c", `${enter}; ${command}`], { stdio: "ignore" });
    const exited = new Promise<string | number | null>((resolve) => child.once("exit", (code, signal) => resolve(signal ?? code)));
    return { pid: child.pid ?? 0, exited, kill: () => child.kill("SIGKILL") };
  };

  test("a group has a directory while its container runs", async () => {
    const cgroup = await cgroups.create("brief", {});
    expect(cgroup.directories.every((path) => existsSync(path))).toBe(true);
    await cgroup.remove();
    expect(cgroup.directories.some((path) => existsSync(path))).toBe(false);
    await cgroup.remove();
  });

  test.skipIf(!has({ PidsLimit: 4 }))("a pids limit stops forks", async () => {
    const cgroup = await create({ PidsLimit: 4 });
    const child = run(cgroup, "for i in 1 2 3 4 5 6; do sleep 100 & done");
    expect(await child.exited).not.toBe(0);
  });

  test.skipIf(!has({ Memory: 2 ** 24 }))("who takes more memory than the limit is killed, and counted", async () => {
    const cgroup = await create({ Memory: 16 * 1024 * 1024 });
    const child = run(cgroup, `exec perl -e 'my $x = "x" x (64 << 20)'`);
    expect(await child.exited).toBe("SIGKILL");
    expect(await cgroup.oomKills()).toBe(1);
  });

  test.skipIf(!has({ Memory: 2 ** 24 }))("limits can be raised and lowered again", async () => {
    const cgroup = await create({ Memory: 16 * 1024 * 1024 });
    await cgroup.update({ Memory: 64 * 1024 * 1024 });
    expect(await cgroup.stats()).toMatchObject({ memory_stats: { limit: 64 * 1024 * 1024 } });
    await cgroup.update({ Memory: 32 * 1024 * 1024 });
    expect(await cgroup.stats()).toMatchObject({ memory_stats: { limit: 32 * 1024 * 1024 } });
  });

  test("a frozen process does nothing until it is thawed", async ({ skip }) => {
    const cgroup = await create({});
    skip(!cgroup.canFreeze, "no freezer");
    const child = run(cgroup, "exec sleep 100");
    await expect.poll(() => readFileSync(`/proc/${child.pid}/comm`, "utf8")).toBe("sleep\n");
    await cgroup.freeze();
    process.kill(child.pid, "SIGTERM");
    const stillThere = existsSync(`/proc/${child.pid}/comm`) && !/^State:\tZ/m.test(readFileSync(`/proc/${child.pid}/status`, "utf8"));
    expect(stillThere).toBe(true);
    await cgroup.thaw();
    expect(await child.exited).toBe("SIGTERM");
  });

  test("statistics are in the API's shape", async () => {
    const cgroup = await create({});
    const child = run(cgroup, "exec sleep 100");
    await expect.poll(async () => (await cgroup.stats())["pids_stats"]).toMatchObject(has({ PidsLimit: 1 }) ? { current: 1 } : {});
    expect(await cgroup.stats()).toMatchObject({
      cpu_stats: { cpu_usage: { total_usage: expect.any(Number) }, online_cpus: expect.any(Number), system_cpu_usage: expect.any(Number) },
    });
    child.kill();
    await child.exited;
  });
});
