import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import stringWidth from "string-width";
import { describe, expect, test } from "vitest";
import { hasNamespaces, isBuilt } from "../../support/engine-allowed.ts";
import { RunPlace } from "../../support/slipway-run.ts";
import { TestTerminal } from "../../support/terminal.ts";

const slipway = join(import.meta.dirname, "../../../dist/bin/slipway.js");

/** A step that lasts until its scenario is let go on. */
const waits = (what: string): string => `steps:\n  - name: ${what}\n    run: until test -e go; do sleep 0.02; done\n    timeout: 50s\n`;

describe.skipIf(!isBuilt || !hasNamespaces)("slipway run at a terminal (needs a build, and user namespaces)", () => {
  function start(place: RunPlace, columns: number, env: NodeJS.ProcessEnv, ...args: readonly string[]): TestTerminal {
    const { CI: _, NO_COLOR: _none, FORCE_COLOR: _no, ...mine } = process.env;
    return new TestTerminal([process.execPath, slipway, "run", ...args], {
      size: { rows: 24, columns },
      cwd: place.directory,
      env: { ...mine, TMPDIR: place.directory, TERM: "xterm", LANG: "C.UTF-8", LC_ALL: "", ...env },
    });
  }
  const liveLines = (screen: string): readonly string[] => screen.split("\n").filter((line) => /^\[\d|^ {2}▸/.test(line));

  test("what runs stands in the last lines, at any width, also when it changes, and goes with Ctrl-C", async () => {
    using place = new RunPlace();
    place.scenario("long", waits("等待一个非常长的中文标题，".repeat(8)));
    place.scenario("short", `title: 短\nsteps:\n  - run: touch short\n${waits("waits").slice(7)}`);
    place.scenario("never", waits("is not reached"));
    using terminal = start(place, 80, {}, "long.yaml", "short.yaml", "never.yaml", "--jobs", "2");
    // Which of the two gets a root first is chance.
    const shows = (screen: string, head: RegExp, ...running: readonly RegExp[]): boolean => {
      const lines = screen.split("\n");
      const live = liveLines(screen).filter((line) => line.startsWith("  ▸"));
      return (
        head.test(lines.slice(0, -live.length).join("\n")) &&
        live.length === running.length &&
        running.every((one) => live.some((line) => one.test(line)))
      );
    };
    const isLive = (columns: number) => (screen: string) =>
      shows(screen, /^\[0\/3\]$/, /^ {2}▸ +[\d.]+ s long: 等.*…$/, /^ {2}▸ +[\d.]+ s short: waits$/) &&
      liveLines(screen).some((line) => stringWidth(line) >= columns - 3 && stringWidth(line) < columns);
    const widths = (screen: string): readonly number[] => screen.split("\n").map((line) => stringWidth(line));
    let before = 80;
    await terminal.see(isLive(before));
    for (const columns of [40, 120, 60]) {
      await terminal.resize({ rows: 24, columns }, columns < before ? isLive(columns) : undefined);
      before = columns;
      expect(Math.max(...widths(await terminal.see(isLive(columns))))).toBeLessThan(columns);
    }
    const [short, ...others] = place
      .workspaces()
      .map((name) => join(place.directory, name, "root/tmp/work"))
      .filter((work) => existsSync(join(work, "short")));
    expect(others).toEqual([]);
    writeFileSync(join(short ?? "", "go"), "");
    await terminal.see((screen) => shows(screen, /^✓ short {2}短 {2}[\d.]+ s · 1\/1\n\[1\/3\]$/, / long: .*…$/, / never: is not reached$/));
    await terminal.resize({ rows: 24, columns: 120 });
    terminal.type("\u0003");
    expect(await terminal.ended).toBe(130);
    const screen = await terminal.screen();
    const shown = screen.replaceAll(/\d+\.\d+ s/g, "N s").replace(/embedded [\d.]+/, "embedded N");
    expect([shown.match(/■ \w+/g)?.toSorted(), shown.replaceAll(/■ \w+/g, "■ one")]).toEqual([
      // Which of the two is at its end first is chance.
      ["■ long", "■ never"],
      [
        "✓ short  短  N s · 1/1",
        ...Array.from({ length: 2 }, () => "■ one  N s\n    the run was broken off while it ran"),
        "",
        "engine: embedded N, namespaces",
        "interrupted · 1 passed, 0 failed, 0 skipped, 2 not run · points 1/1 · N s",
      ].join("\n"),
    ]);
    expect(place.processes()).toEqual([]);
    expect(place.workspaces()).toEqual([]);
  });

  test("lines are drawn over only where a terminal can, no log is kept, and colours are wanted", async () => {
    using place = new RunPlace();
    place.scenario("a", `steps:\n  - run: sleep 0.4\n`);
    const output = async (env: NodeJS.ProcessEnv): Promise<string> => {
      using terminal = start(place, 80, env, "a.yaml");
      expect(await terminal.ended).toBe(0);
      return terminal.raw;
    };
    const drawsOver = /\u001b\[\d+A/;
    const colours = /\u001b\[3\dm/;
    const seen = async (env: NodeJS.ProcessEnv): Promise<readonly boolean[]> => {
      const raw = await output(env);
      expect(stripVTControlCharacters(raw)).toMatch(/✓ a .*[\d.]+ s · 1\/1\r\n[\s\S]*1 passed/);
      return [drawsOver.test(raw), colours.test(raw)];
    };
    expect(await Promise.all([seen({}), seen({ NO_COLOR: "1" }), seen({ CI: "true" }), seen({ TERM: "dumb" })])).toEqual([
      [true, true],
      [true, false],
      [false, true],
      [false, false],
    ]);
  });
});
