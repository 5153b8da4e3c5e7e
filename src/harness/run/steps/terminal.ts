import { setTimeout as sleep } from "node:timers/promises";
import { withoutTerminalSequences } from "../../../base/terminal-sequences.ts";
import { TimeLimitError, withinTime } from "../../../base/time-limit.ts";
import type { Awaited, StepAction, TerminalAction } from "../../plan/plan.ts";
import { TargetError } from "../../targets/target.ts";
import type { DialogueFailure, StepOutcome } from "../observe/observation.ts";
import { onTerminal, terminalInput } from "../pty.ts";
import { startProcess, type StepContext } from "../step-context.ts";
import { compilePattern } from "../../scenario/pattern.ts";
import type { TextMatcher } from "../../scenario/scenario.generated.ts";
import { type StepProcess, withinLimit } from "../step-process.ts";
import { ScreenImage } from "../screen-image.ts";
import { shell } from "./command.ts";

/** Whether a text is as expected. */
type IsText = (expected: TextMatcher, text: string) => boolean;

/** How long one look for a pattern may take. */
const PATTERN_LIMIT_MS = 1_000;

/** What is shown in a broken dialogue's report: the last of it. */
const SHOWN_LIMIT = 4_000;

/** Runs a command at a terminal of its own, types the script's lines and waits for what it expects; then waits for the command's end. */
export async function runTerminal(
  action: Extract<StepAction, { kind: "terminal" }>,
  context: StepContext,
  isText: IsText,
): Promise<StepOutcome> {
  const startedAt = performance.now();
  const size = { rows: action.rows, columns: action.columns };
  const process = startProcess(onTerminal(shell(action.command, context), size), null, context);
  const screen = new Screen(process, action.script.some(({ kind }) => kind === "screen") ? new ScreenImage(size) : null);
  const ended = withinLimit(process, context.limitMs, context.signal);
  ended.catch(() => undefined);
  const dialogue = await hold(action.script, process, screen, ended, isText);
  // Nobody will type what it waits for now.
  if (dialogue !== null) await process.kill();
  const { exitCode, stdout, stderr, timedOut } = await ended;
  if (stderr.text.startsWith("slipway: ")) throw new TargetError(stderr.text.trim());
  return {
    exitCode: timedOut || (dialogue !== null && !dialogue.ended) ? null : exitCode,
    stdout: plain(stdout.text),
    stderr: "",
    timedOut,
    timeoutMs: context.limitMs,
    dialogue,
    durationMs: performance.now() - startedAt,
  };
}

async function hold(
  script: readonly TerminalAction[],
  process: StepProcess,
  screen: Screen,
  ended: Promise<unknown>,
  isText: IsText,
): Promise<DialogueFailure | null> {
  for (const [index, action] of script.entries()) {
    switch (action.kind) {
      case "type":
        process.write(terminalInput.type(action.text));
        break;
      case "resize":
        process.write(terminalInput.resize(action));
        await screen.image?.resize(action);
        break;
      case "screen": {
        const startedAt = performance.now();
        const found = await screen.awaitScreen((text) => isText(action.text, text), action.timeoutMs, ended);
        if (found !== "found") {
          const shown = (await screen.image?.text()) ?? "";
          const awaited = `a screen with ${JSON.stringify(action.text)}`;
          return { action: index, awaited, waitedMs: performance.now() - startedAt, shown, ended: found === "ended" };
        }
        break;
      }
      case "close":
        process.write(terminalInput.close());
        break;
      case "expect": {
        const startedAt = performance.now();
        const found = await screen.awaitText(action.awaited, action.timeoutMs, ended);
        if (found !== "found") {
          const waitedMs = performance.now() - startedAt;
          const shown = screen.unread.slice(-SHOWN_LIMIT);
          return { action: index, awaited: describeAwaited(action.awaited), waitedMs, shown, ended: found === "ended" };
        }
      }
    }
  }
  return null;
}

/** The text that was shown and not yet found by an `expect`. */
class Screen {
  #text = "";
  #position = 0;
  #changed: () => void = () => undefined;

  /** Patterns that try too many ways on what was shown. */
  readonly #tooSlow = new Set<Awaited>();
  /** What a person sees; null when nobody asks. */
  readonly image: ScreenImage | null;

  constructor(process: StepProcess, image: ScreenImage | null) {
    this.image = image;
    const decoder = new TextDecoder();
    let raw = "";
    process.onStdout((chunk) => {
      image?.write(chunk);
      raw += decoder.decode(chunk, { stream: true });
      // An escape sequence may come in two pieces: what could be the beginning of one waits for the rest.
      const open = /(?:\u001b[^a-zA-Z]{0,40}|\r)$/.exec(raw);
      const cut = open === null ? raw.length : open.index;
      this.#text += plain(raw.slice(0, cut));
      raw = raw.slice(cut);
      this.#changed();
    });
  }

  get unread(): string {
    return this.#text.slice(this.#position);
  }

  /** Resolves when the awaited text is there, and goes past it. */
  async awaitText(awaited: Awaited, timeoutMs: number, ended: Promise<unknown>): Promise<"found" | "ended" | "late"> {
    return await this.#await(() => this.#find(awaited), timeoutMs, ended);
  }

  /** Resolves when the screen is as it should be. */
  async awaitScreen(isIt: (text: string) => boolean, timeoutMs: number, ended: Promise<unknown>): Promise<"found" | "ended" | "late"> {
    return await this.#await(async () => isIt((await this.image?.text()) ?? ""), timeoutMs, ended);
  }

  async #await(isThere: () => boolean | Promise<boolean>, timeoutMs: number, ended: Promise<unknown>): Promise<"found" | "ended" | "late"> {
    const timeout = new AbortController();
    const late = sleep(timeoutMs, "late" as const, { signal: timeout.signal }).catch(() => "late" as const);
    const over = ended.then(
      () => "ended" as const,
      () => "ended" as const,
    );
    try {
      for (;;) {
        const change = new Promise<"changed">((resolve) => {
          this.#changed = () => resolve("changed");
        });
        if (await isThere()) return "found";
        const news = await Promise.race([change, over, late]);
        if (news === "changed") continue;
        // What it printed last may have come in the same moment.
        return (await isThere()) ? "found" : news;
      }
    } finally {
      timeout.abort();
    }
  }

  #find(awaited: Awaited): boolean {
    if ("contains" in awaited) {
      const at = this.#text.indexOf(awaited.contains, this.#position);
      if (at < 0) return false;
      this.#position = at + awaited.contains.length;
      return true;
    }
    if (this.#tooSlow.has(awaited)) return false;
    let match: RegExpExecArray | null;
    try {
      match = withinTime(PATTERN_LIMIT_MS, () => compilePattern(awaited.matches).exec(this.unread));
    } catch (error) {
      if (!(error instanceof TimeLimitError)) throw error;
      // With more text it would not be faster.
      this.#tooSlow.add(awaited);
      return false;
    }
    if (match === null) return false;
    this.#position += match.index + match[0].length;
    return true;
  }
}

/** As a reader sees it: without colours and cursor movements, line ends as `\n`. */
function plain(text: string): string {
  return withoutTerminalSequences(text).replaceAll("\r\n", "\n");
}

function describeAwaited(awaited: Awaited): string {
  return "contains" in awaited ? JSON.stringify(awaited.contains) : `/${awaited.matches}/`;
}
