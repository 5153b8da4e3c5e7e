import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { afterAll, afterEach, beforeEach, describe, expect, test } from "vitest";
import type { ContainerCgroup } from "../../../src/runtime/kernel/cgroups.ts";
import { openCgroups } from "../../../src/runtime/kernel/open-cgroups.ts";
import { cgroupFolders } from "../../../src/runtime/launch/cgroup-folders.ts";

/** The hierarchies that a root could use here: those that it does, and, on a host of version 1, the one of version 2 that is there for systemd. */
const places: [string, readonly string[]][] = [["as an engine finds them", cgroupFolders(`slipway-test-${process.pid}`)]];
const unified = /^\S+ (\S+) cgroup2 /m.exec(readFileSync("/proc/mounts", "utf8"))?.[1];
if (unified !== undefined && unified !== "/sys/fs/cgroup") {
  places.push(["of version 2, beside those of version 1", [`unified=${unified}/slipway-test-${process.pid}`]]);
}

/** Makes a root's folders as the keeper does, where this process may. */
function makeFolders(entries: readonly string[]): readonly string[] {
  return entries.filter((entry) => {
    const path = entry.slice(entry.indexOf("=") + 1);
    try {
      mkdirSync(path);
      if (entry.startsWith("unified=")) {
        for (const controller of readFileSync(join(path, "cgroup.controllers"), "utf8").trim().split(" ").filter(Boolean)) {
          writeFileSync(join(path, "cgroup.subtree_control"), `+${controller}`);
        }
      }
      return true;
    } catch {
      return false;
    }
  });
}

/** The processor time that a process has had, in clock ticks (proc(5): utime and stime). */
function cpuTicks(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
  return Number(fields[11]) + Number(fields[12]);
}

describe.each(places)("cgroups %s (skipped where this process may not make any)", (_where, wanted) => {
  const entries = makeFolders(wanted);
  const cgroups = openCgroups(entries.join(","));
  const has = (limits: Parameters<typeof cgroups.unsupported>[0]): boolean => cgroups.unsupported(limits).length === 0;
  beforeEach(({ skip }) => skip(cgroups.version === null, "no cgroups may be made"));
  afterAll(() => {
    for (const entry of entries) rmdirSync(entry.slice(entry.indexOf("=") + 1));
  });
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
    const child = run(cgroup, "exec perl -e '1 while 1'");
    await expect.poll(() => readFileSync(`/proc/${child.pid}/comm`, "utf8")).toBe("perl\n");
    await cgroup.freeze();
    // Not by a signal: version 2 lets those through that end a process.
    const [used, later] = [cpuTicks(child.pid), await setTimeout(200).then(() => cpuTicks(child.pid))];
    expect(later).toBe(used);
    await cgroup.thaw();
    await expect.poll(() => cpuTicks(child.pid)).toBeGreaterThan(used);
    child.kill();
    expect(await child.exited).toBe("SIGKILL");
  });

  test("an engine of version 2 has the freezer and times, and says which limits its controllers lack", async ({ skip }) => {
    skip(cgroups.version !== 2, "version 1");
    const cgroup = await create({});
    expect(cgroup.canFreeze).toBe(true);
    const child = run(cgroup, "while :; do :; done");
    await expect
      .poll(async () => ((await cgroup.stats())["cpu_stats"] as { cpu_usage: { total_usage: number } }).cpu_usage.total_usage)
      .toBeGreaterThan(1_000_000);
    child.kill();
    await child.exited;
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
