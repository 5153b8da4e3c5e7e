import type { Readable } from "node:stream";
import { ANSWER_LIMIT, answerTooLarge } from "./answer-limit.ts";

/**
 * Reads a stream of JSON values, one a line, as events, stats, pull, load and build send them.
 * @throws SyntaxError when a line is no JSON, InternalError for one that is larger than an answer may be, and the stream's own error when the
 * connection breaks.
 */
export async function* readJsonLines<T>(source: Readable): AsyncGenerator<T, void, undefined> {
  // A line may come in a hundred pieces: each is looked through once.
  let pieces: string[] = [];
  let size = 0;
  source.setEncoding("utf8");
  for await (const chunk of source as AsyncIterable<string>) {
    let start = 0;
    for (let end = chunk.indexOf("\n"); end >= 0; end = chunk.indexOf("\n", start)) {
      pieces.push(chunk.slice(start, end));
      start = end + 1;
      const line = pieces.join("").trim();
      [pieces, size] = [[], 0];
      if (line !== "") yield JSON.parse(line) as T;
    }
    const rest = chunk.slice(start);
    pieces.push(rest);
    size += rest.length;
    if (size > ANSWER_LIMIT) throw answerTooLarge();
  }
  const last = pieces.join("").trim();
  if (last !== "") yield JSON.parse(last) as T;
}
