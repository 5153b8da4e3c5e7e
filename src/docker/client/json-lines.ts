import type { Readable } from "node:stream";

/**
 * Reads a stream of JSON values, one a line, as events, stats, pull, load and build send them.
 * @throws SyntaxError when a line is no JSON, and the stream's own error when the connection breaks.
 */
export async function* readJsonLines<T>(source: Readable): AsyncGenerator<T, void, undefined> {
  let rest = "";
  source.setEncoding("utf8");
  for await (const chunk of source as AsyncIterable<string>) {
    rest += chunk;
    for (let end = rest.indexOf("\n"); end >= 0; end = rest.indexOf("\n")) {
      const line = rest.slice(0, end).trim();
      rest = rest.slice(end + 1);
      if (line !== "") yield JSON.parse(line) as T;
    }
  }
  if (rest.trim() !== "") yield JSON.parse(rest) as T;
}
