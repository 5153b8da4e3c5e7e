import { readdir, readFile, rmdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** Removes the empty cgroups called `name`, and those below, from every hierarchy: of its root, and of our own place in it, where runc makes them. */
export async function removeCgroups(name: string): Promise<void> {
  const hierarchies = ["", ...(await readdir("/sys/fs/cgroup").catch(() => []))];
  for (const hierarchy of hierarchies) await removeBelow(join("/sys/fs/cgroup", hierarchy, name));
  // cgroups(7): `4:memory:/place` a line, `4:cpu,cpuacct:/place` where two share a hierarchy.
  for (const line of (await readFile("/proc/self/cgroup", "utf8")).trim().split("\n")) {
    const [, controllers = "", ...place] = line.split(":");
    const names = controllers.split(",").map((controller) => controller.replace(/^name=/, ""));
    for (const hierarchy of names) await removeBelow(join("/sys/fs/cgroup", hierarchy, place.join(":"), name));
  }
}

async function removeBelow(directory: string): Promise<void> {
  const entries = await readdir(directory, { withFileTypes: true }).catch(() => null);
  if (entries === null) return;
  for (const entry of entries) if (entry.isDirectory()) await removeBelow(join(directory, entry.name));
  for (let attempt = 0; attempt < 20; attempt++) {
    try {
      await rmdir(directory);
      return;
    } catch {
      // Its last process has died but is not reaped yet.
      await sleep(25);
    }
  }
}
