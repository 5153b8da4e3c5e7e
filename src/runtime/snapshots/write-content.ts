import { ftruncateSync, writeSync, writev } from "node:fs";
import { promisify } from "node:util";
import { notWritten } from "../../base/not-written.ts";
import type { TarChunk } from "../../oci/tar/read-tar.ts";

const writevAsync = promisify(writev);

/** From this size on another thread writes, while more is read… */
const asideSize = 32 << 10;

/** …and so many bytes at once, out of the pieces as they came: each write is that thread's turn. */
const batchSize = 512 << 10;

/** Writes a file's content of `size` bytes, holes included, into `fd`; when this is over nobody writes to it any more. */
export async function writeContent(fd: number, size: number, content: AsyncIterable<TarChunk>): Promise<void> {
  let writing: Promise<void> = Promise.resolve();
  let pending: Buffer[] = [];
  let [start, end] = [0, 0];
  const flush = async (): Promise<void> => {
    await writing;
    const pieces = pending;
    pending = [];
    const [only] = pieces;
    if (pieces.length === 1 && only && only.length < asideSize) writeAtOnce(fd, only, start);
    else if (pieces.length > 0) writing = writeAside(fd, pieces, start);
  };
  try {
    for await (const { offset, data } of content) {
      // Behind a hole another batch begins.
      if (pending.length > 0 && (offset !== end || offset - start >= batchSize)) await flush();
      if (pending.length === 0) start = offset;
      pending.push(data);
      end = offset + data.length;
    }
    await flush();
    await writing;
    if (end < size) ftruncateSync(fd, size);
  } finally {
    // The caller closes the file.
    await writing.catch(() => {});
  }
}

function writeAtOnce(fd: number, data: Buffer, position: number): void {
  for (let done = 0; done < data.length;) done += writeSync(fd, data, done, data.length - done, position + done);
}

function writeAside(fd: number, pieces: readonly Buffer[], position: number): Promise<void> {
  const writing = (async () => {
    let at = position;
    for (let rest = pieces; rest.length > 0;) {
      const { bytesWritten } = await writevAsync(fd, rest, at);
      at += bytesWritten;
      rest = notWritten(rest, bytesWritten);
    }
  })();
  // Awaited before the next batch; until then a failure is nobody's.
  writing.catch(() => {});
  return writing;
}
