const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;

/** What Go's bufio.Scanner takes, and docker's client with it (bufio.MaxScanTokenSize). */
const LONGEST_LINE = 64 * 1024;

/** The lines of a stream, without their ends. @throws Error in Go's words for one of 64 KiB or more, before more of it is read. */
export async function* scanLines(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let held: Buffer = Buffer.alloc(0);
  for await (const chunk of source) {
    let rest = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
    for (let end = rest.indexOf(LINE_FEED); end >= 0; end = rest.indexOf(LINE_FEED)) {
      yield lineOf(rest.subarray(0, end));
      rest = rest.subarray(end + 1);
    }
    held = inLimit(rest);
  }
  if (held.length > 0) yield lineOf(held);
}

function lineOf(line: Buffer): Buffer {
  inLimit(line);
  return line.at(-1) === CARRIAGE_RETURN ? line.subarray(0, -1) : line;
}

function inLimit(line: Buffer): Buffer {
  if (line.length >= LONGEST_LINE) throw new Error("bufio.Scanner: token too long");
  return line;
}
