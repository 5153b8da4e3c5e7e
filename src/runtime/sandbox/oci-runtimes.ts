import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

/** A program of the host's that runs OCI bundles. */
export interface OciRuntime {
  readonly name: "runc" | "crun";
  /** Its path. */
  readonly program: string;
  /** Words before its commands. */
  readonly options: readonly string[];
  /** False: it is kept from cgroups, and is put into the container's itself. */
  readonly managesCgroups: boolean;
  /** A static init program of the host's, for `--init`; null without. */
  readonly init: string | null;
}

/** Those that are installed, by Docker's names for them. */
export function findRuntimes(path: string = process.env["PATH"] ?? ""): readonly OciRuntime[] {
  const init = find("tini-static", path) ?? find("docker-init", path);
  const [runc, crun] = [find("runc", path), find("crun", path)];
  return [
    ...(runc === null ? [] : [{ name: "runc", program: runc, options: [], managesCgroups: true, init } as const]),
    // Its own cgroups fail where the host has some of version 1 that are nobody's here.
    ...(crun === null
      ? []
      : [{ name: "crun", program: crun, options: ["--cgroup-manager", "disabled"], managesCgroups: false, init } as const]),
  ];
}

function find(name: string, path: string): string | null {
  for (const folder of path.split(delimiter).filter((part) => part !== "")) {
    try {
      accessSync(join(folder, name), constants.X_OK);
      return join(folder, name);
    } catch {
      // Not in this one.
    }
  }
  return null;
}
