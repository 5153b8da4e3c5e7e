import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { completionScript, SHELLS } from "../../../../src/harness/cli/completion.ts";
import { parseRunOptions } from "../../../../src/harness/cli/run-options.ts";

const help = parseRunOptions(["--help"], { env: {}, isTerminal: false });
const commands = [
  { name: "run", short: "Run scenarios and report what they came to", help: "text" in help ? help.text : "", words: [] },
  { name: "shell", short: "A root that's fresh", help: "", words: [] },
  { name: "completion", short: "Scripts", help: "", words: SHELLS },
];

test("bash completes commands, flags that the help has, and their values", () => {
  const script = completionScript("bash", commands);
  const complete = (...words: string[]): readonly string[] => {
    const line = `${script}\nCOMP_WORDS=(slipway ${words.map((word) => `'${word}'`).join(" ")})\nCOMP_CWORD=${words.length}\n_slipway\nprintf '%s\\n' "\${COMPREPLY[@]}"`;
    return execFileSync("bash", ["--norc", "-c", line], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] })
      .trim()
      .split("\n");
  };
  expect(complete("")).toEqual(["run", "shell", "completion"]);
  expect(complete("completion", "z")).toEqual(["zsh"]);
  expect(complete("run", "--ret")).toEqual(["--retries"]);
  expect(complete("run", "--s")).toEqual(["--since", "--shard", "--seed", "--slow"]);
  expect(complete("run", "--engine", "")).toEqual(["embedded", "dockerd", "podman"]);
});

test.each(SHELLS)("%s reads its script without complaint, where it is installed", (shell) => {
  if (spawnSync(shell, ["-c", "true"]).status !== 0) return;
  const folder = mkdtempSync(join(tmpdir(), "slipway-test-completion-"));
  try {
    writeFileSync(join(folder, "script"), completionScript(shell, commands));
    const { status, stderr } = spawnSync(shell, ["-n", join(folder, "script")], { encoding: "utf8" });
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  } finally {
    rmSync(folder, { recursive: true });
  }
});
