import { readFile } from "node:fs/promises";
import { Readable } from "node:stream";
import dockerignore from "@balena/dockerignore";
import { pack } from "tar-stream";
import { packTree } from "../files/local-tar.ts";

export interface ContextOptions {
  /** The Dockerfile's path in the tar. */
  readonly dockerfile: string;
  /** Its text when it is not in the folder. */
  readonly content: string | null;
}

/**
 * A build context as a tar: the folder without what `.dockerignore` (or `DOCKERFILE.dockerignore`) leaves out; the Dockerfile and the
 * ignore file always go along. Owners are root's and modes as Git knows them, so that the same files give the same layers everywhere.
 */
export async function packContext(folder: string, { dockerfile, content }: ContextOptions): Promise<Readable> {
  const patterns = await ignorePatterns(folder, dockerfile);
  const ignore = patterns === "" ? null : dockerignore.default({ ignorecase: false }).add(patterns);
  const always = new Set([dockerfile, ".dockerignore"]);
  const tree = packTree(folder, {
    root: ".",
    include: (path) => !ignore || always.has(path) || !ignore.ignores(path),
    adjust: (header) => ({ ...header, name: header.name.replace(/^\.\/(?=.)/, ""), uid: 0, gid: 0 }),
  });
  return content === null ? tree : withFile(tree, dockerfile, content);
}

/** A tar of one text file. */
export function packText(name: string, text: string): Readable {
  const tar = pack();
  tar.entry({ name, mode: 0o644 }, text);
  tar.finalize();
  return Readable.from(tar as AsyncIterable<Buffer>, { objectMode: false });
}

async function ignorePatterns(folder: string, dockerfile: string): Promise<string> {
  for (const name of [`${dockerfile}.dockerignore`, ".dockerignore"]) {
    const text = await readFile(`${folder}/${name}`, "utf8").catch(() => null);
    if (text !== null) return text;
  }
  return "";
}

/** One more file before the end of a tar: its first block goes in front, which leaves the rest as it is. */
function withFile(tree: Readable, name: string, text: string): Readable {
  const tar = pack();
  tar.entry({ name, mode: 0o644 }, text);
  return Readable.from(
    (async function* () {
      // One entry is its header block and its content, padded to whole blocks; what `finalize` would add is left out.
      const bytes = 512 + Math.ceil(Buffer.byteLength(text) / 512) * 512;
      let left = bytes;
      tar.finalize();
      for await (const chunk of tar as AsyncIterable<Buffer>) {
        if (left <= 0) break;
        yield chunk.subarray(0, left);
        left -= chunk.length;
      }
      yield* tree as AsyncIterable<Buffer>;
    })(),
    { objectMode: false },
  );
}
