import { mkdir, utimes, writeFile } from "node:fs/promises";
import { join, posix } from "node:path";
import { randomId } from "../../base/ids.ts";
import { InvalidArgumentError, messageOf } from "../../base/errors.ts";
import { processWord, type Lookup } from "../../oci/dockerfile/process-word.ts";
import { heredocMark } from "../../oci/dockerfile/split-instructions.ts";
import type { BuildHost, Tree } from "./build-host.ts";
import { copyWords } from "./check-command.ts";
import { copySources } from "./copy-files.ts";
import { contentName, findSources, type CopySource } from "./copy-sources.ts";
import type { Command } from "./command.ts";
import { download, isAddress } from "./download.ts";
import { expandText } from "./expand-text.ts";

/** A COPY or ADD whose sources were found. */
export interface PreparedCopy {
  /** `file:HASH`, `dir:HASH` or `multi:HASH`: the same for the same content. */
  readonly content: string;
  /** The sources and the destination, expanded. */
  readonly words: readonly string[];
  readonly destination: string;
  readonly chown: string;
  readonly chmod: string;
  /** Copies into a layer that is mounted there. */
  write(root: string): Promise<void>;
  /** Gives the sources back. */
  release(): Promise<void>;
}

export interface CopySurroundings {
  readonly host: BuildHost;
  readonly escape: string;
  readonly lookup: Lookup;
  readonly workingDir: string;
  readonly contextRoot: string;
  /** A folder of this build, for what is no file yet. */
  readonly folder: string;
  readonly signal: AbortSignal;
  /** The file system that `--from` names. */
  openFrom(name: string): Promise<Tree>;
  /**
   * Set where it is to be done as BuildKit does: `..` ends at the root, a pattern may find nothing, accounts that there are not are root,
   * and several files may go to one name. It is called when something is taken from the context.
   */
  readonly useContext?: () => Promise<void>;
}

/** Of one file that ADD reads from the network. */
const downloadLimit = 4 * 2 ** 30;

/** @throws InvalidArgumentError with dockerd's texts. */
export async function prepareCopy(around: CopySurroundings, command: Command): Promise<PreparedCopy> {
  const { host, escape, lookup, workingDir, signal } = around;
  const { keyword, text, flags } = command;
  const expand = (word: string): string => processWord(word, lookup, escape);
  const words = copyWords(text).map((word) => (heredocMark(word, escape) ? word : expand(word)));
  const [names, target] = [words.slice(0, -1), words.at(-1) ?? ""];
  if (heredocMark(target, escape)) throw new InvalidArgumentError(`${keyword} cannot accept a heredoc as a destination`);
  const destination = destinationOf(target, workingDir);
  const from = flags.get("from");
  const chown = expand(flags.get("chown") ?? "");
  const chmod = expand(flags.get("chmod") ?? "");
  const checksum = expand(flags.get("checksum") ?? "");
  const mode = modeOf(chmod);
  const paths = names.filter((name) => !heredocMark(name, escape) && !(keyword === "ADD" && isAddress(name)));
  if (checksum !== "" && paths.length > 0) throw new InvalidArgumentError("checksum can't be specified for non-HTTP(S) sources");
  const isForgiving = around.useContext !== undefined;
  if (paths.length > 0 && from === undefined) await around.useContext?.();
  const tree = from === undefined ? { path: around.contextRoot, release: async () => {} } : await around.openFrom(expand(from));
  try {
    const sources: CopySource[] = [];
    for (const name of names) {
      const mark = heredocMark(name, escape);
      if (mark) sources.push(await heredocSource(around, command, mark.name));
      else if (keyword === "ADD" && isAddress(name)) {
        const folder = join(around.folder, randomId());
        await mkdir(folder);
        const loaded = await download(name, { folder, checksum, limit: downloadLimit, signal });
        if (loaded.name === "" && destination.endsWith("/")) throw new InvalidArgumentError(`cannot determine filename from url: ${name}`);
        sources.push({ ...loaded, isDirectory: false, isMade: true });
      } else sources.push(...(await findSources(host, keyword, [name], { root: tree.path, isContext: from === undefined, isForgiving })));
    }
    if (sources.length === 0 && !isForgiving) throw new InvalidArgumentError(`${keyword} failed: no source files were specified`);
    if (sources.length > 1 && !destination.endsWith("/") && !isForgiving) {
      throw new InvalidArgumentError(
        `When using ${keyword} with more than one source file, the destination must be a directory and end with a /`,
      );
    }
    return {
      content: await contentName(sources),
      words,
      destination,
      chown,
      chmod,
      async write(root) {
        // What comes from another image keeps its owners; the context has none.
        const owner = chown !== "" ? await ownerOf(host, root, chown, isForgiving) : from === undefined ? { uid: 0, gid: 0 } : null;
        await copySources(host, sources, { root, destination, owner, mode, unpacks: keyword === "ADD" });
      },
      release: () => tree.release(),
    };
  } catch (error) {
    await tree.release();
    throw error;
  }
}

/** A here-document as a file that bears its name. */
async function heredocSource({ folder, escape, lookup }: CopySurroundings, { heredocs }: Command, name: string): Promise<CopySource> {
  const heredoc = heredocs.find((one) => one.name === name);
  if (!heredoc || name.includes("/") || name === "." || name === "..")
    throw new InvalidArgumentError(`invalid heredoc name ${JSON.stringify(name)}`);
  const path = join(folder, randomId());
  await writeFile(path, heredoc.expands ? expandText(heredoc.content, lookup, escape) : heredoc.content, { mode: 0o644 });
  await utimes(path, 0, 0);
  return { name, path, isDirectory: false, isMade: true };
}

/** Relative to the working directory; `.` is a directory. */
function destinationOf(text: string, workingDir: string): string {
  const path = posix.resolve("/", workingDir, text);
  const isFolder = text === "." || text.endsWith("/") || text.endsWith("/.");
  return isFolder && path !== "/" ? `${path}/` : path;
}

async function ownerOf(host: BuildHost, root: string, chown: string, isForgiving: boolean): Promise<Owner> {
  const [user = "", group] = chown.split(":");
  try {
    // A group that is not said has the number of the user.
    return await host.owner(root, group === undefined && /^\d+$/.test(user) ? `${user}:${user}` : chown);
  } catch (error) {
    if (isForgiving && group === undefined) return { uid: 0, gid: 0 };
    if (isForgiving) {
      const { uid, gid } = await ownerOf(host, root, user, true);
      return await host.owner(root, `${uid}:${group}`).catch(() => ({ uid, gid }));
    }
    throw new InvalidArgumentError(`unable to convert uid/gid chown string to host mapping: ${messageOf(error)}`, { cause: error });
  }
}

interface Owner {
  readonly uid: number;
  readonly gid: number;
}

function modeOf(text: string): number | null {
  if (text === "") return null;
  if (/^[0-7]{1,4}$/.test(text)) return Number.parseInt(text, 8);
  throw new InvalidArgumentError(`invalid chmod parameter: '${text}'. it should be octal string and between 0 and 07777`);
}
