import { createReadStream } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { slipwayVersion } from "../docker/cli/version-line.ts";
import { compare } from "../harness/cli/compare/compare.ts";
import { run } from "../harness/cli/run.ts";
import { wantsLiveView } from "../harness/cli/command-line.ts";
import { watch } from "../harness/cli/watch.ts";
import { parseRunOptions } from "../harness/cli/run-options.ts";
import type { SubmissionLimits } from "../harness/targets/submission-limits.ts";
import { type ClientKind, type EngineKind, type Target } from "../harness/targets/target.ts";
import { defaultStore, ensureBaseImages } from "../provision/base-images.ts";
import { interruptSignal } from "./interrupt-signal.ts";
import { runParsed } from "./run-parsed.ts";

/** `slipway run …` */
export function main(argv: readonly string[]): Promise<number> {
  const isTerminal = process.stdout.isTTY;
  return runParsed(parseRunOptions(argv, { env: process.env, isTerminal }), (options, output) => {
    const dependencies = {
      ...output,
      terminal: isTerminal && wantsLiveView(process.env) ? process.stdout : null,
      env: process.env,
      workdir: process.cwd(),
      stateFolder: runsFolder(),
      signal: interruptSignal(),
      slipwayVersion: slipwayVersion(),
      openTarget,
    };
    if (options.compare !== null) return compare(options, options.compare, dependencies);
    return (options.watch ? watch : run)(options, dependencies);
  });
}

/** Where each folder's last report is remembered: in the user's cache. */
export function runsFolder(): string {
  return join(process.env["XDG_CACHE_HOME"] || join(homedir(), ".cache"), "slipway/runs");
}

/** Chooses the implementations: the harness itself knows neither runtime nor provisioning. `limits`: for steps that nobody has reason to trust. */
export async function openTarget(engine: EngineKind, client: ClientKind, limits?: SubmissionLimits): Promise<Target> {
  const store = defaultStore();
  if (engine !== "embedded") {
    const { DockerdTarget } = await import("../harness/targets/dockerd.ts");
    return new DockerdTarget({
      kind: engine,
      dockerHost: process.env["DOCKER_HOST"] || null,
      client: client === "host" ? null : [process.execPath, "--", join(import.meta.dirname, "docker.js")],
      images: async (image) => {
        if (image !== "busybox:latest") return null;
        await ensureBaseImages(store);
        return createReadStream(join(store, "base/busybox.tar"));
      },
    });
  }
  const [{ EmbeddedTarget }, { startEmbedded }] = await Promise.all([
    import("../harness/targets/embedded.ts"),
    import("./start-embedded.ts"),
  ]);
  await ensureBaseImages(store);
  // The engine takes what is in the store's `base` for a pull.
  return new EmbeddedTarget({ start: startEmbedded, client, store, images: () => Promise.resolve(null), ...(limits && { limits }) });
}
