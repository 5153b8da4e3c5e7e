import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import type { UnixClient } from "../../src/docker/client/unix-client.ts";
import { killMarked, stepProcesses } from "../../src/harness/targets/process-group.ts";
import { type Target, TargetError, type TargetRoot } from "../../src/harness/targets/target.ts";

/** A target without an engine: steps run on the host as they are, in a folder a root. For what is not about containers. */
export class PlainTarget implements Target {
  readonly maxRoots = Infinity;
  opened = 0;
  openNow = 0;
  most = 0;
  closed = false;
  /** Told the number of the root, from 1, that is about to be opened: may throw. */
  onOpen: (root: number) => void = () => undefined;
  /** What each root leaves behind. */
  leftovers: readonly string[] = [];
  /** Each ends the engine of a root, in the order they were opened. */
  readonly deaths: (() => void)[] = [];

  open(): Promise<TargetRoot> {
    this.opened++;
    try {
      this.onOpen(this.opened);
    } catch (error) {
      return Promise.reject(new TargetError(String(error)));
    }
    const workdir = mkdtempSync(join(tmpdir(), "slipway-test-plain-"));
    const marker = basename(workdir);
    this.most = Math.max(this.most, ++this.openNow);
    return Promise.resolve({
      engine: { kind: "embedded" as const, version: "0", tier: "namespaces" },
      client: { ping: () => Promise.resolve() } as unknown as UnixClient,
      workdir,
      hostWorkdir: workdir,
      env: { PATH: process.env["PATH"] ?? "", HOME: workdir },
      inherited: null,
      outputBytes: null,
      endSteps: null,
      marker,
      died: new Promise<string>((resolve) => {
        this.deaths.push(() => resolve("it was killed"));
      }),
      enter: (argv: readonly string[]) => ["sh", "-c", 'cd "$0" && exec "$@"', workdir, ...argv] as const,
      provideImages: () => Promise.resolve(),
      stepProcesses: () => Promise.resolve(stepProcesses(marker)),
      leftovers: () => Promise.resolve(this.leftovers),
      close: async () => {
        await killMarked(marker);
        rmSync(workdir, { recursive: true, force: true });
        this.openNow--;
        return null;
      },
    });
  }

  close(): Promise<void> {
    this.closed = true;
    return Promise.resolve();
  }
}
