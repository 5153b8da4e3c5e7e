import { createHash } from "node:crypto";
import { ArchiveError, archiveEntries, isArchiveName } from "./archive.ts";
import type { SubmissionSource, SubmittedEntry } from "./entries.ts";
import { bytesInMemory } from "./zip.ts";
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
/** How many entries are even looked at. */
const MAX_ENTRIES = 20_000;
/** Of an archive within a submission, packed. */
const MAX_ARCHIVE_BYTES = 64 * 1024 * 1024;

class Refusal extends Error {
  readonly notice: Notice;
  constructor(path: string, en: string, zh: string) {
    super(en);
    this.notice = { kind: "refused", path, text: { en, zh } };
  }
}

/**
 * Reads what a student handed in. Links, devices, pipes, paths that lead out, what is too big and archives that are broken are refused: a result, with its
 * text, not an error.
 * @throws what the host says when it cannot read a file that is there.
 */
export async function readSubmission(source: SubmissionSource, handIn: HandIn): Promise<Submission> {
  const reader = new Reader(handIn);
  try {
    await reader.all(source);
  } catch (error) {
    if (error instanceof Refusal) reader.notices.push(error.notice);
    else if (error instanceof ArchiveError) reader.notices.push(brokenArchive(error));
    else throw error;
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

function brokenArchive({ message }: ArchiveError): Notice {
  const text = { en: `the archive cannot be read: ${message}`, zh: `无法读取压缩包：${message}` };
  return { kind: "refused", path: "archive", text };
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

/** What systems add to archives and folders of their own accord. */
function isJunk(path: string): boolean {
  return path.split("/").some((part) => part === "__MACOSX" || part === ".DS_Store" || part === "Thumbs.db" || part.startsWith("._"));
}

class Reader {
  readonly files: SubmittedFile[] = [];
  readonly notices: Notice[] = [];
  modifiedAt: Date | null = null;
  readonly #handIn: HandIn;
  #bytes = 0;

  constructor(handIn: HandIn) {
    this.#handIn = handIn;
  }

  /** A single archive that is not itself asked for stands for what is in it. */
  async all(source: SubmissionSource): Promise<void> {
    const paths: string[] = [];
    for await (const { path } of source()) {
      if (isJunk(path)) continue;
      if (paths.push(path) > MAX_ENTRIES) throw new Refusal(path, "there are too many files", "文件过多");
    }
    const names = namesFor(paths, (name) => this.#askedFor(name) !== undefined);
    const [only = ""] = paths;
    const isArchive = paths.length === 1 && isArchiveName(only) && this.#askedFor(names.get(only) ?? only) === undefined;
    for await (const entry of source()) {
      if (isJunk(entry.path)) continue;
      if (!isArchive) {
        await this.#entry(entry, names.get(entry.path) ?? entry.path);
        continue;
      }
      const bytes = entry.type === "file" ? await entry.read(MAX_ARCHIVE_BYTES) : null;
      if (bytes === null) throw new Refusal(entry.path, "the archive is too big, or no file", "压缩包过大，或不是文件");
      await this.all(() => archiveEntries(bytesInMemory(bytes)));
    }
  }

  async #entry({ path, type, mode, modifiedAt, read }: SubmittedEntry, name: string): Promise<void> {
    if (path.startsWith("/") || path.split("/").includes("..") || path.includes("\0"))
      throw new Refusal(path, "its path leads out of the submission", "路径指向提交内容之外");
    if (type === "link") throw new Refusal(path, "it is a link; hand in the file itself", "这是链接；请提交文件本身");
    if (type === "other") throw new Refusal(path, "it is no plain file, or nested too deeply", "不是普通文件，或嵌套过深");
    const asked = this.#askedFor(name);
    if (asked === undefined) {
      if (this.notices.length < MAX_FILES) {
        this.notices.push({ kind: "ignored", path, text: { en: "it was not asked for, and left aside", zh: "未要求提交，已忽略" } });
      }
      return;
    }
    if (path.includes("\ufffd")) throw new Refusal(path, "its name is not UTF-8", "文件名不是 UTF-8");
    if (this.files.some((file) => file.path === name)) throw new Refusal(path, `${name} was handed in twice`, `${name} 被提交了两次`);
    const { maxFiles = MAX_FILES, maxBytes = MAX_BYTES } = this.#handIn;
    if (this.files.length >= maxFiles) {
      throw new Refusal(path, `more than ${maxFiles} files were handed in`, `提交的文件超过 ${maxFiles} 个`);
    }
    const limit = Math.min(asked.maxBytes ?? maxBytes, maxBytes);
    const content = await read(limit);
    if (content === null || content.length > limit) throw new Refusal(path, `it is longer than ${limit} bytes`, `文件超过 ${limit} 字节`);
    this.#bytes += content.length;
    if (this.#bytes > maxBytes)
      throw new Refusal(path, `the files are longer than ${maxBytes} bytes together`, `文件合计超过 ${maxBytes} 字节`);
    if (modifiedAt !== null && (this.modifiedAt === null || modifiedAt > this.modifiedAt)) this.modifiedAt = modifiedAt;
    const isExecutable = asked.executable === true || (mode & 0o100) !== 0;
    this.files.push({ path: name, mode: isExecutable ? 0o755 : 0o644, content });
  }

  #askedFor(name: string): HandedIn | undefined {
    return this.#handIn.files.find(({ path }) => isAt(path, name));
  }
}

/**
 * What each path is taken for: itself; while nothing that is asked for is there, without the one folder that archives are often made of, or several such;
 * and `flatten.sh` for the `flatten-2.sh` that Canvas makes of a file handed in again.
 */
function namesFor(paths: readonly string[], isAsked: (name: string) => boolean): ReadonlyMap<string, string> {
  let above = "";
  for (;;) {
    const top: string | undefined = /^[^/]+\//.exec((paths[0] ?? "").slice(above.length))?.[0];
    const isWrapped =
      top !== undefined &&
      !paths.some((path) => isAsked(path.slice(above.length))) &&
      paths.every((path) => path.startsWith(top, above.length));
    if (!isWrapped) break;
    above += top;
  }
  const names = new Map(paths.map((path) => [path, path.slice(above.length)]));
  const taken = new Set(names.values());
  for (const [path, name] of names) {
    const plain = name.replace(/-\d+(\.[^./]+)?$/, "$1");
    if (!isAsked(name) && isAsked(plain) && !taken.has(plain)) names.set(path, plain);
  }
  return names;
}
