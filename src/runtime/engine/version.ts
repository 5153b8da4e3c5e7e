import { release } from "node:os";
import type { EngineContext } from "./context.ts";

/** The Engine API's versions that the server speaks. */
const apiVersion = "1.47";
const minApiVersion = "1.24";

/** `docker version`'s server half. */
export function version(context: EngineContext): Readonly<Record<string, unknown>> {
  const arch = process.arch === "x64" ? "amd64" : process.arch;
  const details = {
    Experimental: "false",
    ApiVersion: apiVersion,
    MinAPIVersion: minApiVersion,
    Arch: arch,
    Os: "linux",
    KernelVersion: release(),
    GitCommit: context.build.commit,
    // The field for what runs the engine: in another daemon that is Go.
    GoVersion: `node${process.versions.node}`,
    BuildTime: context.build.time,
  };
  return {
    Platform: { Name: "Slipway" },
    Components: [
      { Name: "Engine", Version: context.version, Details: details },
      { Name: "node", Version: process.versions.node, Details: { GitCommit: "" } },
    ],
    Version: context.version,
    ...details,
    // A text in the details, but a truth value here, and clients written in Go insist.
    Experimental: false,
  };
}
