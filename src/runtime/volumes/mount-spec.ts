import type { MountSpec } from "../../oci/runtime-spec.ts";
import type { PlannedMount } from "./plan-mounts.ts";

/** What the sandbox mounts for `planned`; `source` is the path of a bind's or volume's directory. */
export function mountSpec(planned: PlannedMount, source: string): MountSpec {
  const { destination, type, readonly, propagation, isRecursive, isReadonlyBelow } = planned;
  const access = readonly ? (isRecursive && isReadonlyBelow ? "rro" : "ro") : "rw";
  if (type === "tmpfs") {
    // Docker's defaults, which an option such as `exec` of the user's then undoes.
    return { destination, type, source, options: ["noexec", "nosuid", "nodev", ...planned.options, ...(readonly ? ["ro"] : [])] };
  }
  const options = [isRecursive ? "rbind" : "bind", access, ...(propagation === "" ? [] : [propagation])];
  return { destination, type: "bind", source, options, ...(type === "bind" && { fromUser: true }) };
}
