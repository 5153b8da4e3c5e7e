import { createHash } from "node:crypto";
import { constants } from "node:fs";
import { lstat, open, readdir } from "node:fs/promises";
import { join } from "node:path";
import type { HandedIn, HandIn } from "./exercise.generated.ts";

/** Something to tell a student of what was handed in. */
export interface Notice {
  readonly kind: "refused" | "missing" | "ignored";
  readonly path: string;
  readonly text: { readonly en: string; readonly zh: string };
}

export interface SubmittedFile {
  /** Relative, with `/`. */
  readonly path: string;
  readonly mode: 0o644 | 0o755;
  readonly content: Uint8Array;
}

/** What a student handed in, wholly read: nothing is opened twice, so nothing can change between look and use. */
export interface Submission {
  readonly files: readonly SubmittedFile[];
  readonly notices: readonly Notice[];
  /** True: it is not run, for the reasons in `notices`. */
  readonly refused: boolean;
  /** The newest of the files; null when there is none. */
  readonly modifiedAt: Date | null;
  /** Of all files that are graded, their names and permissions. */
  readonly digest: string;
}

const MAX_FILES = 100;
const MAX_BYTES = 1024 * 1024;
/** How much of a folder is even looked at. */
const MAX_ENTRIES = 20_000;
const MAX_DEPTH = 20;

class Refusal extends Error {
  readonly notice: Notice;
  constructor(path: string, en: string, zh: string) {
    super(en);
    this.notice = { kind: "refused", path, text: { en, zh } };
  }
}

/**
 * Reads a submission's folder. Links, devices, pipes, sockets and what is too big are refused: a result, with its text, not an error.
 * @throws what the host says when it cannot read a file that is there.
 */
export async function readSubmission(folder: string, handIn: HandIn): Promise<Submission> {
  const reader = new Reader(folder, handIn);
  try {
    await reader.folder("", 0);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    reader.notices.push(error.notice);
  }
  const { files, notices } = reader;
  const refused = notices.some(({ kind }) => kind === "refused");
  if (!refused) for (const one of handIn.files) if (isMissing(one, files)) notices.push(missing(one));
  const hash = createHash("sha256");
  for (const { path, mode, content } of files.toSorted((a, b) => (a.path < b.path ? -1 : 1))) {
    hash.update(`${JSON.stringify(path)} ${mode} ${content.length}\n`).update(content);
  }
  for (const { kind, path, text } of notices) hash.update(JSON.stringify([kind, path, text.en]));
  return { files, notices, refused, modifiedAt: reader.modifiedAt, digest: `sha256:${hash.digest("hex")}` };
}

function isMissing({ path, required = true }: HandedIn, files: readonly SubmittedFile[]): boolean {
  return required && !files.some((file) => isAt(path, file.path));
}

function missing({ path }: HandedIn): Notice {
  return { kind: "missing", path, text: { en: "it was not handed in", zh: "未提交" } };
}

/** Whether a file is what `asked` names: the file, or something in the folder. */
function isAt(asked: string, path: string): boolean {
  return asked.endsWith("/") ? path.startsWith(asked) : path === asked;
}

class Reader {
  readonly files: SubmittedFile[] = [];
  readonly notices: Notice[] = [];
  modifiedAt: Date | null = null;
  readonly #top: string;
  readonly #handIn: HandIn;
  #entries = 0;
  #bytes = 0;

  constructor(top: string, handIn: HandIn) {
    this.#top = top;
    this.#handIn = handIn;
  }

  async folder(path: string, depth: number): Promise<void> {
    if (depth > MAX_DEPTH) throw new Refusal(path, "folders are nested too deeply", "文件夹嵌套过深");
    const names = (await readdir(join(this.#top, path))).toSorted();
    this.#entries += names.length;
    if (this.#entries > MAX_ENTRIES) throw new Refusal(path, "there are too many files", "文件过多");
    for (const name of names) await this.#entry(path === "" ? name : `${path}/${name}`, depth);
  }

  async #entry(path: string, depth: number): Promise<void> {
    if (path.includes("\ufffd")) throw new Refusal(path, "its name is not UTF-8", "文件名不是 UTF-8");
    const info = await lstat(join(this.#top, path));
    if (info.isSymbolicLink()) throw new Refusal(path, "it is a symbolic link; hand in the file itself", "这是符号链接；请提交文件本身");
    if (info.isDirectory()) return await this.folder(path, depth + 1);
    if (!info.isFile()) throw new Refusal(path, "it is neither a file nor a folder", "既不是文件也不是文件夹");
    const asked = this.#handIn.files.find((one) => isAt(one.path, path));
    if (asked === undefined) {
      if (this.notices.length < MAX_FILES) {
        this.notices.push({ kind: "ignored", path, text: { en: "it was not asked for, and left aside", zh: "未要求提交，已忽略" } });
      }
      return;
    }
    const { maxFiles = MAX_FILES, maxBytes = MAX_BYTES } = this.#handIn;
    if (this.files.length >= maxFiles) {
      throw new Refusal(path, `more than ${maxFiles} files were handed in`, `提交的文件超过 ${maxFiles} 个`);
    }
    const limit = Math.min(asked.maxBytes ?? maxBytes, maxBytes);
    const content = await readBounded(join(this.#top, path), limit);
    if (content === null) throw new Refusal(path, `it is longer than ${limit} bytes`, `文件超过 ${limit} 字节`);
    this.#bytes += content.length;
    if (this.#bytes > maxBytes)
      throw new Refusal(path, `the files are longer than ${maxBytes} bytes together`, `文件合计超过 ${maxBytes} 字节`);
    if (this.modifiedAt === null || info.mtime > this.modifiedAt) this.modifiedAt = info.mtime;
    const isExecutable = asked.executable === true || (info.mode & 0o100) !== 0;
    this.files.push({ path, mode: isExecutable ? 0o755 : 0o644, content });
  }
}

/** A file's bytes, or null when there are more than `limit`; never through a link, and never waiting for a pipe. */
async function readBounded(file: string, limit: number): Promise<Uint8Array | null> {
  const handle = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const chunks: Buffer[] = [];
    let length = 0;
    for (;;) {
      const { bytesRead, buffer } = await handle.read(Buffer.alloc(Math.min(64 * 1024, limit + 1 - length)));
      if (bytesRead === 0) return Buffer.concat(chunks);
      length += bytesRead;
      if (length > limit) return null;
      chunks.push(buffer.subarray(0, bytesRead));
    }
  } finally {
    await handle.close();
  }
}
