import { InvalidArgumentError } from "../../../base/errors.ts";
import type { ContainerRecord } from "../../containers/container.ts";
import type { Sandbox } from "../../sandbox/sandbox.ts";
import type { EngineContext } from "../context.ts";

/** What our own sandbox is called as a runtime. */
export const OWN_RUNTIME = "slipway";

/** containerd's names for runtimes that Docker knows by a shorter one. */
const SHIMS: Readonly<Record<string, string>> = { "io.containerd.runc.v2": "runc" };

/**
 * The OCI runtime that `--runtime` asks for, as it is kept in the container's record; undefined for our own sandbox, which is the default.
 * @throws InvalidArgumentError in Docker's words for what is not installed, or is no runtime.
 */
export function runtimeOf(context: EngineContext, asked: string | undefined): string | undefined {
  if (!asked || asked === OWN_RUNTIME) return undefined;
  const name = SHIMS[asked] ?? asked;
  if (!context.runtimes.has(name)) throw new InvalidArgumentError(`unknown or invalid runtime name: ${asked}`);
  return name;
}

/** What makes a container's processes. @throws InvalidArgumentError when its runtime is no longer installed. */
export function sandboxOf(context: EngineContext, { runtime }: Pick<ContainerRecord, "runtime">): Sandbox {
  if (runtime === undefined) return context.sandbox;
  const sandbox = context.runtimes.get(runtime)?.sandbox;
  if (sandbox === undefined) throw new InvalidArgumentError(`unknown or invalid runtime name: ${runtime}`);
  return sandbox;
}
