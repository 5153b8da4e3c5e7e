import { statSync, watch as watchFolder } from "node:fs";
import { dirname, resolve } from "node:path";
import { type ExitCode, exitCodes } from "./exit-codes.ts";
import { run, type RunDependencies } from "./run.ts";
import type { RunOptions } from "./run-options.ts";
import { plansOfChanges } from "./select/changed.ts";
import { parsePathArgument } from "./select/path-argument.ts";

/** Editors write a file in several steps: what comes within this belongs together. */
const QUIET_MS = 150;
/** Where it never is quiet, as with a log that is written there, this is waited at most. */
const PATIENCE_MS = 2000;

/** Runs once, and again what changes each time a file below the paths does, until interrupted. Gives the last run's exit code. */
export async function watch(options: RunOptions, dependencies: RunDependencies): Promise<ExitCode> {
  const { stdout, signal, workdir } = dependencies;
  const roots = options.selection.paths.map((path) => resolve(workdir, parsePathArgument(path).path));
  const changes = new Changes(roots, signal);
  let code = await run(options, dependencies);
  if (signal.aborted) return code;
  const tell = (): void => stdout(`\nwatching ${options.selection.paths.join(", ")}; Ctrl-C ends it\n`);
  tell();
  for (;;) {
    const changed = await changes.next();
    if (signal.aborted) return code;
    let concerned = 0;
    const latest = await run(options, dependencies, (plans) => {
      const narrowed = plansOfChanges(plans, changed, roots);
      concerned = narrowed.length;
      return narrowed;
    });
    // What concerns no scenario is nothing to tell of, such as a run's own reports.
    if (concerned === 0 && latest === exitCodes.pass) continue;
    code = latest;
    if (signal.aborted) return code;
    tell();
  }
}

/** The files that changed, gathered until it is quiet. */
class Changes {
  readonly #signal: AbortSignal;
  readonly #changed = new Set<string>();
  /** Runs since the last change; null when it was a while ago. */
  #timer: NodeJS.Timeout | null = null;
  /** Of the first of these changes. */
  #since: number | null = null;
  #wake: () => void = () => undefined;

  constructor(roots: readonly string[], signal: AbortSignal) {
    this.#signal = signal;
    signal.addEventListener("abort", () => this.#wake(), { once: true });
    for (const folder of new Set(roots.map(folderOf))) {
      const watcher = watchFolder(folder, { recursive: true, signal }, (_, name) => {
        if (name !== null && !/(?:^|\/)(?:\.git|node_modules)\//.test(name)) this.#add(resolve(folder, name));
      });
      // A folder that goes away is told of by the next run.
      watcher.on("error", () => undefined);
    }
  }

  /** Resolves when something changed and then nothing for a moment, or when aborted. */
  async next(): Promise<readonly string[]> {
    while ((this.#changed.size === 0 || this.#timer !== null) && !this.#signal.aborted)
      await new Promise<void>((wake) => (this.#wake = wake));
    const changed = [...this.#changed];
    this.#changed.clear();
    this.#since = null;
    return changed;
  }

  #add(path: string): void {
    this.#changed.add(path);
    this.#since ??= performance.now();
    if (this.#timer !== null) clearTimeout(this.#timer);
    const patience = this.#since + PATIENCE_MS - performance.now();
    this.#timer = setTimeout(
      () => {
        this.#timer = null;
        this.#wake();
      },
      Math.max(0, Math.min(QUIET_MS, patience)),
    );
  }
}

function folderOf(path: string): string {
  try {
    return statSync(path).isDirectory() ? path : dirname(path);
  } catch {
    return dirname(path);
  }
}
