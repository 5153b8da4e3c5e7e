import { CgroupFolder } from "./cgroup-folder.ts";
import { CgroupsV1 } from "./cgroup-v1.ts";
import { CgroupsV2 } from "./cgroup-v2.ts";
import type { Cgroups } from "./cgroups.ts";
import { noCgroups } from "./no-cgroups.ts";

/**
 * The cgroups that the keeper made for this root: `description` is `controller=folder,…` for version 1, `unified=folder` for version 2.
 * What cannot be written to is left out; with nothing left, containers run without.
 */
export function openCgroups(description: string): Cgroups {
  const folders = new Map(
    description
      .split(",")
      .filter((entry) => entry.includes("="))
      .map((entry): [string, CgroupFolder] => {
        const at = entry.indexOf("=");
        return [entry.slice(0, at), new CgroupFolder(entry.slice(at + 1))];
      })
      .filter(([, folder]) => folder.isWritable),
  );
  const unified = folders.get("unified");
  if (unified !== undefined) return new CgroupsV2(unified);
  return folders.size > 0 ? new CgroupsV1(folders) : noCgroups;
}
