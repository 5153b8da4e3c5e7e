import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Report } from "../../src/harness/report/report.ts";

const slipway = join(import.meta.dirname, "../../dist/bin/slipway.js");

/** A place of its own for `slipway run`: its scenarios, its reports, and a temporary folder where nobody else's things are. */
export class RunPlace implements Disposable {
  readonly directory = mkdtempSync(join(tmpdir(), "slipway-test-run-"));
  readonly #started: ChildProcess[] = [];

  scenario(name: string, yaml: string): void {
    writeFileSync(join(this.directory, `${name}.yaml`), `name: ${name}\n${yaml}`);
  }

  /** Runs all of its scenarios to the end. */
  async run(...flags: readonly string[]): Promise<{ exitCode: number | null; stdout: string; stderr: string; report: Report }> {
    const { output, ended } = this.start(...flags);
    const exitCode = await ended;
    const report = JSON.parse(readFileSync(join(this.directory, "reports/report.json"), "utf8")) as Report;
    return { exitCode, ...output, report };
  }

  start(...flags: readonly string[]) {
    // By name: the folder has the temporary ones too, and in those of a killed run an ordinary user may not look everywhere.
    const files = readdirSync(this.directory).filter((name) => name.endsWith(".yaml"));
    return this.startCommand("run", ...files, "--output", "reports", "--reporter", "console,junit,json", ...flags);
  }

  /** Starts any of slipway's commands here. */
  startCommand(...argv: readonly string[]) {
    const child = spawn(process.execPath, [slipway, ...argv], {
      cwd: this.directory,
      env: { ...process.env, TMPDIR: this.directory, NO_COLOR: "1", LANG: "C.UTF-8", LC_ALL: "" },
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#started.push(child);
    const output = { stdout: "", stderr: "" };
    child.stdout.on("data", (chunk) => (output.stdout += String(chunk)));
    child.stderr.on("data", (chunk) => (output.stderr += String(chunk)));
    const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
    return { child, output, ended };
  }

  /** The temporary folders of runs that are there now. */
  workspaces(): readonly string[] {
    return readdirSync(this.directory).filter((name) => /^slipway-(\d|kept)/.test(name));
  }

  /** Processes that have to do with this place, by their command line or environment. */
  processes(): readonly string[] {
    return readdirSync("/proc").flatMap((pid) => {
      if (!/^\d+$/.test(pid) || pid === String(process.pid)) return [];
      try {
        const about = readFileSync(`/proc/${pid}/cmdline`, "utf8") + readFileSync(`/proc/${pid}/environ`, "utf8");
        return about.includes(this.directory) ? [`${pid} ${about.replaceAll("\0", " ").slice(0, 200)}`] : [];
      } catch {
        return [];
      }
    });
  }

  mounts(): readonly string[] {
    return readFileSync("/proc/self/mountinfo", "utf8")
      .split("\n")
      .filter((line) => line.includes(this.directory));
  }

  [Symbol.dispose](): void {
    for (const child of this.#started) child.kill("SIGKILL");
    rmSync(this.directory, { recursive: true, force: true });
  }
}

/** Waits until `condition` holds; throws after `limitMs` with what `describe` says. */
export async function until(condition: () => boolean, describe: () => string, limitMs = 60_000): Promise<void> {
  const limit = Date.now() + limitMs;
  while (!condition()) {
    if (Date.now() > limit) throw new Error(`it did not come true: ${describe()}`);
    await sleep(20);
  }
}
