import type { CommandContext } from "./command.ts";

/** A longer line is no answer, as for docker's client; the engine, where commands run, would have to hold it. */
const LONGEST_LINE = 64 * 1024;

/** Asks `question [y/N] ` on stdout and reads a line: true for y. The end of the input is no. */
export async function confirm(question: string, context: CommandContext): Promise<boolean> {
  context.stdout.write(`${question} [y/N] `);
  return (await readLine(context)).trim().toLowerCase() === "y";
}

/** The next line of stdin, without its end, empty when it is too long; what is behind it stays for the next. */
export async function readLine({ stdin }: Pick<CommandContext, "stdin">): Promise<string> {
  let text = "";
  stdin.setEncoding("utf8");
  for await (const chunk of stdin.iterator({ destroyOnReturn: false }) as AsyncIterable<string>) {
    text += chunk;
    const end = text.indexOf("\n");
    if (end >= 0) {
      if (end + 1 < text.length) stdin.unshift(text.slice(end + 1));
      text = text.slice(0, end);
      break;
    }
    if (text.length >= LONGEST_LINE) {
      text = "";
      break;
    }
  }
  stdin.pause();
  return text;
}
