import type { Readable } from "node:stream";
import { decodeTrace, outputId, sourceId, traceId, type BuildSource } from "../../api/build-trace.ts";
import type { JsonMessage } from "../../api/types.ts";
import { messageOf } from "../../../base/errors.ts";
import { BuildSummary, type BuildDisplay } from "./display.ts";
import { PlainDisplay } from "./plain.ts";
import { RawDisplay } from "./raw.ts";
import { StatusError } from "../cli-errors.ts";
import type { CommandContext } from "../command.ts";

export const progressModes = ["auto", "plain", "quiet", "rawjson", "tty"] as const;
export type ProgressMode = (typeof progressModes)[number];

/**
 * Builds by the engine's BuildKit and shows its steps on stderr. @returns the image's id.
 * @throws StatusError with what docker prints last: why, and where in the Dockerfile where the engine says that.
 */
export async function buildByGraph(
  context: CommandContext,
  tar: Readable,
  query: Readonly<Record<string, unknown>>,
  mode: ProgressMode,
  onOutput: (piece: Buffer) => Promise<void> = async () => {},
): Promise<string> {
  const client = await context.client();
  const summary = new BuildSummary();
  const display = await displayOf(mode, context);
  let id = "";
  let source: BuildSource | null = null;
  try {
    for await (const message of await client.buildImage(tar, { ...query, version: "2" }, context.signal)) {
      const failure = message.errorDetail?.message ?? message.error;
      if (failure !== undefined) throw new StatusError(failure);
      if (message.id === sourceId) source = message.aux as BuildSource;
      else if (message.id === outputId) await onOutput(Buffer.from(String(message.aux), "base64"));
      else if (message.id === "moby.image.id") id = (message.aux as { readonly ID?: string }).ID ?? id;
      // To whom asks for quiet, dockerd says this and nothing else.
      else if (mode === "quiet" && /^sha256:[0-9a-f]{64}$/.test(message.stream?.trim() ?? "")) id = message.stream?.trim() ?? id;
      else if (message.id === traceId) showTrace(message, summary, display);
    }
  } catch (error) {
    display.finish();
    const reason = messageOf(error).replace(/^failed to solve(?: with frontend dockerfile\.v0)?: /, "");
    throw new StatusError(`${summary.failure()}${source ? quoteSource(source) : ""}ERROR: failed to build: failed to solve: ${reason}`, 1);
  }
  display.finish();
  if (mode !== "quiet" && mode !== "rawjson") context.stderr.write(summary.warnings());
  return id;
}

function showTrace({ aux }: JsonMessage, summary: BuildSummary, display: BuildDisplay): void {
  const trace = decodeTrace(Buffer.from(typeof aux === "string" ? aux : "", "base64"));
  summary.onTrace(trace);
  display.onTrace(trace);
}

async function displayOf(mode: ProgressMode, { stderr, env }: CommandContext): Promise<BuildDisplay> {
  if (mode === "quiet") return { onTrace: () => undefined, finish: () => undefined };
  if (mode === "rawjson") return new RawDisplay(stderr);
  const isTerminal = mode === "tty" || (mode === "auto" && stderr.isTTY === true);
  if (!isTerminal) return new PlainDisplay(stderr);
  // It knows how wide every character is, which takes a while to load.
  const { TerminalDisplay } = await import("./terminal.ts");
  return new TerminalDisplay(stderr, { isColored: env["NO_COLOR"] === undefined });
}

/** The lines that failed with two more around them, as BuildKit quotes them. */
function quoteSource({ file, text, start, end }: BuildSource): string {
  const lines = text.split(/\r?\n/);
  const pad = end - start < 4 ? 2 : 1;
  const [from, to] = [Math.max(1, start - pad), Math.min(lines.length, end + pad)];
  const shown = lines.slice(from - 1, to).map((line, index) => {
    const number = from + index;
    return ` ${String(number).padStart(3)} | ${number >= start && number <= end ? ">>>" : "   "} ${line}\n`;
  });
  const rule = `${"-".repeat(20)}\n`;
  return `${file}:${start}\n${rule}${shown.join("")}${rule}`;
}
