import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { isBuilt } from "../../support/engine-allowed.ts";
import { TestTerminal } from "../../support/terminal.ts";

const program = join(import.meta.dirname, "../../../dist/bin/slipway.js");

/** How each is started without its user's own settings, and what it does first. */
const shells: Readonly<Record<string, { readonly start: readonly string[]; readonly first: string }>> = {
  bash: { start: ["bash", "--norc", "--noprofile", "-i"], first: "PS1='> '; source <(slipway completion bash)" },
  zsh: { start: ["zsh", "-f", "-i"], first: "PS1='> '; autoload -U compinit; compinit -D; source <(slipway completion zsh)" },
  fish: { start: ["fish", "--no-config", "-i"], first: "function fish_prompt; echo '> '; end; slipway completion fish | source" },
};

/** What is typed before Tab, and what the line is after it. */
const LINES: readonly (readonly [string, string])[] = [
  ["slipway vali", "slipway validate"],
  ["slipway run --last-f", "slipway run --last-failed"],
  ["slipway run --engine pod", "slipway run --engine podman"],
  ["slipway run chap", "slipway run chapter.yaml"],
  ["slipway merge --reporter eve", "slipway merge --reporter events"],
  ["slipway completion fi", "slipway completion fish"],
  ["slipway exercise che", "slipway exercise check"],
  ["slipway engine --host-n", "slipway engine --host-network"],
];

describe.skipIf(!isBuilt)("slipway's completion in shells (needs a build)", () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "slipway-test-completion-"));
    mkdirSync(join(folder, "bin"));
    writeFileSync(join(folder, "bin/slipway"), `#!/bin/sh\nexec '${process.execPath}' '${program}' "$@"\n`, { mode: 0o755 });
    writeFileSync(join(folder, "chapter.yaml"), "");
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test.each(Object.entries(shells))("%s completes commands, flags, values and files at a terminal", async (name, { start, first }) => {
    if (spawnSync(name, ["-c", "true"]).status !== 0) return;
    // A shell that hangs up writes its history when the folder is already about to go.
    const path = `${join(folder, "bin")}:${process.env["PATH"]}`;
    const env = { PATH: path, HOME: folder, HISTFILE: "/dev/null", TERM: "xterm", LANG: "C.UTF-8" };
    using shell = new TestTerminal(start, { size: { rows: 40, columns: 120 }, cwd: folder, env });
    // The screen is cleared of these lines, which say what is looked for later.
    shell.type(`${first}; printf '\\033[2J\\033[Hrea%s\\n' dy\r`);
    await shell.see((screen) => screen.startsWith("ready\n>"));
    for (const [typed, completed] of LINES) {
      shell.type(`${typed}\t`);
      await shell.see((screen) => screen.includes(completed));
      // Ctrl-U: the line was only to be looked at.
      shell.type("\u0015");
      await shell.see((screen) => !screen.includes(completed));
    }
    expect(await shell.screen()).not.toMatch(/slipway run/);
  });
});
