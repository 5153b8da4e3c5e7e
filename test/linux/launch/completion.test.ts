import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hasNamespaces, isBuilt } from "../../support/engine-allowed.ts";
import { startTestEngine, type TestEngine } from "../../support/engine.ts";

const program = join(import.meta.dirname, "../../../dist/bundle/cli/docker.js");

/** How each is started without its user's own settings, and what it does first. */
const shells: Readonly<Record<string, { readonly start: string; readonly first: string }>> = {
  bash: { start: "bash --norc --noprofile -i", first: "PS1='> '; source <(docker completion bash)" },
  zsh: { start: "zsh -f -i", first: "PS1='> '; autoload -U compinit; compinit -D; source <(docker completion zsh)" },
  fish: { start: "fish --no-config -i", first: "docker completion fish | source" },
};

describe.skipIf(!isBuilt || !hasNamespaces)("docker's completion in shells (needs a build, and user namespaces)", () => {
  let engine: TestEngine;
  let folder: string;
  const running = new Set<ChildProcess>();
  beforeAll(async () => {
    engine = await startTestEngine();
    folder = mkdtempSync(join(tmpdir(), "slipway-completion-"));
    mkdirSync(join(folder, "bin"));
    writeFileSync(join(folder, "bin/docker"), `#!/bin/sh\nexec '${process.execPath}' '${program}' "$@"\n`, { mode: 0o755 });
    const { client } = engine;
    await client.createContainer({ Image: "busybox" }, { name: "webserver", platform: "" });
    await client.createNetwork({ Name: "lanparty" });
    await client.createVolume({ Name: "datastore" });
  });
  afterAll(async () => {
    for (const shell of running) shell.kill("SIGKILL");
    await engine?.[Symbol.asyncDispose]();
    if (folder) rmSync(folder, { recursive: true, force: true });
  });

  const environment = (): NodeJS.ProcessEnv => ({
    PATH: `${join(folder, "bin")}:${process.env["PATH"]}`,
    HOME: folder,
    TERM: "xterm",
    LANG: "C.UTF-8",
    DOCKER_HOST: `unix://${engine.socket}`,
  });

  /** A shell at a terminal; `see` resolves when what it has shown since the last call matches. */
  function typeInto(start: string): { type(keys: string): void; see(pattern: RegExp): Promise<string>; end(): Promise<void> } {
    const shell = spawn("script", ["-qec", start, "/dev/null"], { cwd: folder, env: environment(), stdio: ["pipe", "pipe", "ignore"] });
    running.add(shell);
    let shown = "";
    let look = (): void => undefined;
    shell.stdout.setEncoding("utf8").on("data", (text: string) => {
      // Colours and moves of the cursor are not what is read.
      shown += text;
      look();
    });
    return {
      type: (keys) => void shell.stdin.write(keys),
      see: (pattern) =>
        new Promise((resolve, reject) => {
          const clock = setTimeout(() => reject(new Error(`${start} never showed ${pattern}, but ${JSON.stringify(shown)}`)), 60_000);
          look = () => {
            // eslint-disable-next-line no-control-regex
            const plain = shown.replaceAll(/\x1b(\[[0-9;?<>=]*[a-zA-Z]|[\]P][^\x07\x1b]*(\x07|\x1b\\)|[()][A-Z0-9]|[=>])/g, "");
            if (!pattern.test(plain)) return;
            clearTimeout(clock);
            look = () => undefined;
            shown = "";
            resolve(plain);
          };
          look();
        }),
      async end() {
        const gone = once(shell, "exit");
        shell.kill("SIGKILL");
        await gone;
        running.delete(shell);
      },
    };
  }

  test.each(Object.entries(shells))("%s completes commands, flags and names at a terminal", async (name, { start, first }) => {
    if (spawnSync(name, ["-c", "true"]).status !== 0) return;
    const shell = typeInto(start);
    try {
      shell.type(`${first}; echo rea''dy\n`);
      await shell.see(/ready/);
      const lines: readonly (readonly [string, RegExp])[] = [
        ["docker netw", /docker network/],
        ["docker network prun", /docker network prune/],
        ["docker ps --no-tr", /docker ps --no-trunc/],
        ["docker rm -f webs", /docker rm -f webserver/],
        ["docker run busybox:lat", /docker run busybox:latest/],
        ["docker network inspect lanp", /docker network inspect lanparty/],
        ["docker volume rm datas", /docker volume rm datastore/],
      ];
      for (const [typed, expected] of lines) {
        shell.type(`${typed}\t`);
        await shell.see(expected);
        // Ctrl-U: the line was only to be looked at.
        shell.type("\x15");
      }
    } finally {
      await shell.end();
    }
  });

  test("fish tells what each candidate is", () => {
    if (spawnSync("fish", ["-c", "true"]).status !== 0) return;
    const asked = `docker completion fish | source; complete -C "docker container sto"`;
    const answer = execFileSync("fish", ["--no-config", "-c", asked], { encoding: "utf8", env: environment(), cwd: folder });
    expect(answer.trim()).toBe("stop\tStop one or more running containers");
  });
});
