import { posix } from "node:path";
import { InvalidArgumentError, messageOf, NotImplementedError } from "../../base/errors.ts";
import type { BuildHost, Tree } from "./build-host.ts";
import { copyWords } from "./check-command.ts";
import { copySources } from "./copy-files.ts";
import { contentName, findSources } from "./copy-sources.ts";
import type { Command } from "./command.ts";
import { copiedImage } from "./source-image.ts";
import type { StageWork } from "./stage-build.ts";

/** A COPY or ADD whose sources were found. */
export interface PreparedCopy {
  /** What history says, with the name of the content in it: the same content gives the same text. */
  readonly history: string;
  /** Copies into a layer that is mounted there. */
  write(root: string): Promise<void>;
  /** Gives the sources back. */
  release(): Promise<void>;
}

/** @throws InvalidArgumentError with dockerd's texts; NotImplementedError for ADD of a URL. */
export async function prepareCopy(
  work: StageWork,
  { keyword, text, flags }: Command,
  { expand, workingDir }: { readonly expand: (word: string) => string; readonly workingDir: string },
): Promise<PreparedCopy> {
  const { host } = work;
  const words = copyWords(text).map(expand);
  const names = words.slice(0, -1);
  const target = words.at(-1) ?? "";
  const url = keyword === "ADD" ? names.find((name) => /^(https?|ftp|git):\/\//.test(name)) : undefined;
  if (url !== undefined) throw new NotImplementedError(`ADD failed: downloading ${url} is not supported`);
  const destination = destinationOf(target, workingDir);
  const isContext = !flags.has("from");
  const tree = await sourceTree(work, flags.get("from"), `${keyword} failed: stat ${names[0]}: file does not exist`);
  try {
    const sources = await findSources(host, keyword, names, { root: tree.path, isContext });
    if (sources.length > 1 && !destination.endsWith("/")) {
      throw new InvalidArgumentError(
        `When using ${keyword} with more than one source file, the destination must be a directory and end with a /`,
      );
    }
    const chown = expand(flags.get("chown") ?? "");
    const chmod = expand(flags.get("chmod") ?? "");
    const mode = modeOf(chmod);
    // No space behind them: so has dockerd's history.
    const settings = `${chown === "" ? "" : `--chown=${chown}`}${chmod === "" ? "" : `--chmod=${chmod}`}`;
    return {
      history: `${keyword} ${settings}${await contentName(sources)} in ${target} `,
      async write(root) {
        // What comes from another image keeps its owners; the context has none.
        const owner = chown !== "" ? await ownerOf(host, root, chown) : isContext ? { uid: 0, gid: 0 } : null;
        await copySources(host, sources, { root, destination, owner, mode, unpacks: keyword === "ADD" });
      },
      release: () => tree.release(),
    };
  } catch (error) {
    await tree.release();
    throw error;
  }
}

async function sourceTree(work: StageWork, from: string | undefined, missing: string): Promise<Tree> {
  if (from === undefined) return { path: work.contextRoot, release: async () => {} };
  const image = await copiedImage(work, from);
  if (!image?.chainId) throw new InvalidArgumentError(missing);
  return await work.host.view(image.chainId);
}

/** Relative to the working directory; `.` is a directory. */
function destinationOf(text: string, workingDir: string): string {
  const path = posix.resolve("/", workingDir, text);
  const isFolder = text === "." || text.endsWith("/") || text.endsWith("/.");
  return isFolder && path !== "/" ? `${path}/` : path;
}

async function ownerOf(host: BuildHost, root: string, chown: string): Promise<{ readonly uid: number; readonly gid: number }> {
  try {
    const [user = "", group] = chown.split(":");
    // A group that is not said has the number of the user.
    return await host.owner(root, group === undefined && /^\d+$/.test(user) ? `${user}:${user}` : chown);
  } catch (error) {
    throw new InvalidArgumentError(`unable to convert uid/gid chown string to host mapping: ${messageOf(error)}`, { cause: error });
  }
}

function modeOf(text: string): number | null {
  if (text === "") return null;
  if (/^[0-7]{1,4}$/.test(text)) return Number.parseInt(text, 8);
  throw new InvalidArgumentError(`invalid chmod parameter: '${text}'. it should be octal string and between 0 and 07777`);
}
