import { closeSync, createReadStream, lstatSync, openSync, readSync, type Stats } from "node:fs";
import { readdir, readlink } from "node:fs/promises";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { pack, type Header, type Pack } from "tar-stream";

type EntryHeader = Partial<Header> & Pick<Header, "name">;

export interface PackOptions {
  /** What the tree's root is called in the tar; entries below are `root/…`. `.` for the contents alone. */
  readonly root: string;
  /** Whether the entry at `path` (relative to the root, without a leading slash) goes in; all do by default. A folder left out may still have entries that go in. */
  readonly include?: (path: string) => boolean;
  /** Changes an entry before it is written. */
  readonly adjust?: (header: EntryHeader) => EntryHeader;
}

/** A file of at most so many bytes is read at once: a stream for each takes twenty times as long, and most files of a tree are small. */
const smallSize = 256 << 10;

/** A local file or tree as a tar, read as it is sent: names, modes, times, owners, symbolic and hard links. Sockets are left out. */
export function packTree(path: string, options: PackOptions): Readable {
  const tar = pack();
  const links = new Map<string, string>();
  walk(tar, path, "", options, links).then(
    () => tar.finalize(),
    (error: unknown) => tar.destroy(error as Error),
  );
  return Readable.from(tar as AsyncIterable<Buffer>, { objectMode: false });
}

async function walk(tar: Pack, path: string, below: string, options: PackOptions, links: Map<string, string>): Promise<void> {
  const stats = lstatSync(path);
  const name = below === "" ? options.root : `${options.root}/${below}`;
  if (below === "" || (options.include?.(below) ?? true)) await add(tar, path, name, stats, options, links);
  if (!stats.isDirectory()) return;
  for (const child of (await readdir(path)).toSorted()) {
    await walk(tar, `${path}/${child}`, below === "" ? child : `${below}/${child}`, options, links);
  }
}

async function add(
  tar: Pack,
  path: string,
  name: string,
  stats: Stats,
  { adjust = (header) => header }: PackOptions,
  links: Map<string, string>,
): Promise<void> {
  const common = { mode: stats.mode & 0o7777, mtime: stats.mtime, uid: stats.uid, gid: stats.gid };
  if (stats.isDirectory()) return entry(tar, adjust({ ...common, name: `${name}/`, type: "directory", size: 0 }));
  if (stats.isSymbolicLink()) {
    return entry(tar, adjust({ ...common, name, type: "symlink", linkname: await readlink(path), size: 0 }));
  }
  if (stats.isFIFO()) return entry(tar, adjust({ ...common, name, type: "fifo", size: 0 }));
  if (!stats.isFile()) return;
  const identity = `${stats.dev}:${stats.ino}`;
  const first = stats.nlink > 1 ? links.get(identity) : undefined;
  if (first !== undefined) return entry(tar, adjust({ ...common, name, type: "link", linkname: first, size: 0 }));
  if (stats.nlink > 1) links.set(identity, name);
  if (stats.size <= smallSize) return entry(tar, adjust({ ...common, name, type: "file", size: stats.size }), contentOf(path, stats.size));
  const sink = tar.entry(adjust({ ...common, name, type: "file", size: stats.size }));
  // A file that grows while it is read must not spill over its announced size.
  const content = createReadStream(path, { end: stats.size - 1, highWaterMark: 512 << 10 });
  await pipeline(content, sink as unknown as NodeJS.WritableStream);
}

/** A small file's first `size` bytes. @throws Error when it has become shorter. */
function contentOf(path: string, size: number): Buffer {
  const content = Buffer.allocUnsafe(size);
  const file = openSync(path, "r");
  try {
    for (let done = 0; done < size;) {
      const count = readSync(file, content, done, size - done, done);
      if (count === 0) throw new Error(`${path}: file was cut while it was read`);
      done += count;
    }
  } finally {
    closeSync(file);
  }
  return content;
}

function entry(tar: Pack, header: EntryHeader, content: Buffer | string = ""): Promise<void> {
  return new Promise((resolve, reject) => {
    tar.entry(header, content, (error) => (error ? reject(error) : resolve()));
  });
}
