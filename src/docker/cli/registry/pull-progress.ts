import type { JsonMessage } from "../../api/types.ts";
import { StatusError } from "../cli-errors.ts";
import type { CommandContext } from "../command.ts";

type Output = CommandContext["stdout"];

/**
 * Prints the messages of pull, push, load and build as docker does: on a terminal one line a layer, rewritten as it goes; elsewhere a line
 * a message, without the bars. @throws StatusError with the engine's reason when a message tells of one.
 */
export async function printMessages(
  messages: AsyncIterable<JsonMessage>,
  output: Output,
  onAux: (aux: unknown) => void = () => undefined,
): Promise<void> {
  const lines = new Map<string, number>();
  for await (const message of messages) {
    if (message.aux !== undefined) {
      onAux(message.aux);
      continue;
    }
    if (message.errorDetail || message.error !== undefined) {
      throw new StatusError(message.errorDetail?.message ?? message.error ?? "", message.errorDetail?.code ?? 1);
    }
    if (message.stream !== undefined) {
      output.write(message.stream);
      continue;
    }
    if (output.isTTY === true) printOnTerminal(message, output, lines);
    else if (!hasProgress(message)) output.write(`${textOf(message)}\n`);
  }
}

/** Reads the messages to their end without printing. @throws StatusError as {@link printMessages}. */
export async function skipMessages(messages: AsyncIterable<JsonMessage>): Promise<void> {
  for await (const { error, errorDetail } of messages) {
    if (errorDetail || error !== undefined) throw new StatusError(errorDetail?.message ?? error ?? "");
  }
}

/** Up to this width docker leaves the bars out: a line that the terminal breaks would spoil the count of lines to go back. */
const widthWithoutBars = 110;

function printOnTerminal(message: JsonMessage, output: Output, lines: Map<string, number>): void {
  const { id } = message;
  const columns = output.columns ?? 200;
  const text = textOf(columns > widthWithoutBars ? message : withoutBar(message)).slice(0, columns);
  if (id === undefined || !hasProgress(message, true)) {
    lines.clear();
    output.write(`${textOf(message)}\n`);
    return;
  }
  const line = lines.get(id);
  if (line === undefined) {
    lines.set(id, lines.size);
    output.write(`${text}\n`);
    return;
  }
  const up = lines.size - line;
  output.write(`\x1b[${up}A\x1b[2K\r${text}\x1b[${up}B\r`);
}

function withoutBar(message: JsonMessage): JsonMessage {
  const { progress } = message;
  return progress === undefined ? message : { ...message, progress: progress.replace(/^\[[=> ]*\] /, "") };
}

function hasProgress({ progress, progressDetail }: JsonMessage, orEmpty = false): boolean {
  return (progress !== undefined && progress !== "") || (progressDetail !== undefined && (orEmpty || (progressDetail.total ?? 0) > 0));
}

function textOf({ id, status = "", progress }: JsonMessage): string {
  return `${id === undefined ? "" : `${id}: `}${status}${progress === undefined || progress === "" ? "" : ` ${progress}`}`;
}
