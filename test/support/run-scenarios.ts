import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Report } from "../../src/harness/report/report.generated.ts";

const slipway = join(import.meta.dirname, "../../dist/bin/slipway.js");

/** What a run of these paths with `slipway run` came to, and what it printed. */
export async function runScenarios(
  ...args: readonly string[]
): Promise<{ readonly report: Report; readonly exitCode: number; readonly output: string }> {
  const folder = await mkdtemp(join(tmpdir(), "slipway-test-"));
  try {
    const { exitCode, stdout, stderr } = await slipwayRun([...args, "--reporter", "console,json", "--output", folder, "--no-color"]);
    const output = stdout + stderr;
    const text = await readFile(join(folder, "report.json"), "utf8").catch(() => null);
    if (text === null) throw new Error(`slipway run wrote no report (exit code ${exitCode}):\n${output}`);
    return { report: JSON.parse(text) as Report, exitCode, output };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Each scenario's checks with their outcomes, to be compared with another run's. */
export function outcomesOf({ scenarios }: Report): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(scenarios.map(({ name, checks }) => [name, checks.map(({ id, outcome }) => `${id}: ${outcome}`)]));
}

/** What `slipway run --compare` prints of these two engines, as JSON. */
export function compareScenarios(path: string, engines: string, explained: string): ReturnType<typeof slipwayRun> {
  return slipwayRun([path, "--compare", engines, "--explained", explained, "--json"]);
}

function slipwayRun(args: readonly string[]): Promise<{ readonly exitCode: number; readonly stdout: string; readonly stderr: string }> {
  // DOCKER_HOST would name somebody's dockerd: here it is to be one of its own.
  const env = { ...process.env };
  delete env["DOCKER_HOST"];
  return new Promise((resolve) => {
    execFile(process.execPath, [slipway, "run", ...args], { env, maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) => {
      resolve({ exitCode: error === null ? 0 : Number(error.code ?? -1), stdout, stderr });
    });
  });
}

/** What did not pass, and why, a line each. */
export function failuresOf({ scenarios }: Report): readonly string[] {
  return scenarios.flatMap(({ name, error, checks }) => [
    ...(error === null ? [] : [`${name}: ${error.message}`]),
    ...checks
      .filter(({ outcome }) => outcome !== "pass")
      .map(
        ({ id, outcome, problems, output }) =>
          `${name} ${id} ${outcome}: ${problems.map((one) => one.rationale).join("; ")} ${output?.stderr ?? ""}`,
      ),
  ]);
}
