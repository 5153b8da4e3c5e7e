import { NotImplementedError } from "../../../base/errors.ts";
import type { ApiMount } from "../../../docker/api/types.ts";

/** What of `HostConfig.Mounts` has an effect; `Consistency` has none on any Linux. */
const HEEDED: readonly string[] = [
  "Type",
  "Source",
  "Target",
  "ReadOnly",
  "Consistency",
  "BindOptions.Propagation",
  "BindOptions.NonRecursive",
  "BindOptions.ReadOnlyNonRecursive",
  // As it is here, without it too, on every kernel that containers can be started on.
  "BindOptions.ReadOnlyForceRecursive",
  "BindOptions.CreateMountpoint",
  "VolumeOptions.NoCopy",
  "VolumeOptions.Subpath",
  "VolumeOptions.Labels",
  "VolumeOptions.DriverConfig",
  "TmpfsOptions.SizeBytes",
  "TmpfsOptions.Mode",
];

/** Refuses options of mounts that would otherwise be dropped without a word. @throws NotImplementedError naming the first. */
export function checkMountOptions(mounts: readonly ApiMount[]): void {
  for (const mount of mounts) {
    const unheeded = given("", mount).find((path) => !HEEDED.some((each) => path === each || path.startsWith(`${each}.`)));
    if (unheeded !== undefined)
      throw new NotImplementedError(`the option ${unheeded} of the mount at ${mount.Target} is not supported by this engine`);
  }
}

/** The paths of all that is said: what is empty or false is not. */
function given(path: string, value: unknown): readonly string[] {
  if (typeof value !== "object" || value === null) return value ? [path] : [];
  if (Array.isArray(value)) return value.length > 0 ? [path] : [];
  return Object.entries(value).flatMap(([key, each]) => given(path === "" ? key : `${path}.${key}`, each));
}
