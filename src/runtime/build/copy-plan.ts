import { posix } from "node:path";
import { InvalidArgumentError, NotImplementedError } from "../../base/errors.ts";
import { parseDigest } from "../../oci/digest.ts";
import { parseGitReference } from "../../oci/dockerfile/git-reference.ts";
import { processWord, type Lookup } from "../../oci/dockerfile/process-word.ts";
import { heredocMark } from "../../oci/dockerfile/split-instructions.ts";
import { copyWords } from "./check-command.ts";
import type { Command } from "./command.ts";
import { isAddress } from "./download.ts";
import { expandText } from "./expand-text.ts";
import { parseModeChange, type ModeChange } from "./mode-change.ts";

/** One source as the Dockerfile names it. */
export type PlannedSource =
  | { readonly kind: "heredoc"; readonly name: string; readonly content: string }
  | { readonly kind: "address"; readonly address: string }
  | { readonly kind: "path"; readonly name: string };

/** A COPY or ADD whose variables are known, before anything is looked for. */
export interface CopyPlan {
  readonly keyword: string;
  readonly sources: readonly PlannedSource[];
  /** The sources and the destination, expanded. */
  readonly words: readonly string[];
  /** Absolute; with a `/` at its end it is a directory. */
  readonly destination: string;
  /** A stage or an image; null for the context. */
  readonly from: string | null;
  readonly chown: string;
  readonly chmod: string;
  /** null keeps the modes that they have. */
  readonly mode: ModeChange | null;
  /** `sha256:…` that a download must have; empty for none. */
  readonly checksum: string;
  readonly link: boolean;
  /** Sources keep the folders that they are in (stable since Dockerfile 1.20). */
  readonly parents: boolean;
  /** What is left out, by the rules of `.dockerignore` below each source (stable since Dockerfile 1.19). */
  readonly excludes: readonly string[];
}

interface PlanSurroundings {
  readonly lookup: Lookup;
  readonly escape: string;
  readonly workingDir: string;
}

/** Reads a COPY or ADD as far as its text says. @throws InvalidArgumentError with BuildKit's texts; NotImplementedError for a Git repository. */
export function planCopy(command: Command, { lookup, escape, workingDir }: PlanSurroundings): CopyPlan {
  const { keyword, text, flags, heredocs, excludes } = command;
  const expand = (word: string): string => processWord(word, lookup, escape);
  const flag = (name: string): string => expand(flags.get(name) ?? "");
  const words = copyWords(text).map((word) => (heredocMark(word, escape) ? word : expand(word)));
  const [names, target] = [words.slice(0, -1), words.at(-1) ?? ""];
  if (heredocMark(target, escape)) throw new InvalidArgumentError(`${keyword} cannot accept a heredoc as a destination`);
  const sources = names.map((name): PlannedSource => {
    const mark = heredocMark(name, escape);
    if (!mark) return sourceNamed(keyword, name);
    const heredoc = heredocs.find((one) => one.name === mark.name);
    if (!heredoc || mark.name.includes("/") || mark.name === "." || mark.name === "..")
      throw new InvalidArgumentError(`invalid heredoc name ${JSON.stringify(mark.name)}`);
    return { kind: "heredoc", name: mark.name, content: heredoc.expands ? expandText(heredoc.content, lookup, escape) : heredoc.content };
  });
  const [chmod, checksum, from] = [flag("chmod"), flag("checksum"), flags.get("from")];
  if (checksum !== "") checkChecksum(checksum, sources);
  return {
    keyword,
    sources,
    words,
    destination: destinationOf(target, workingDir),
    from: from === undefined ? null : expand(from),
    chown: flag("chown"),
    chmod,
    mode: chmod === "" ? null : parseModeChange(chmod),
    checksum,
    link: isOn(flags.get("link")),
    parents: isOn(flags.get("parents")),
    excludes: excludes.map(expand),
  };
}

function sourceNamed(keyword: string, name: string): PlannedSource {
  const isRemote = isAddress(name);
  if (isRemote && keyword === "COPY") throw new InvalidArgumentError("source can't be a URL for COPY");
  if (keyword === "ADD" && parseGitReference(name))
    throw new NotImplementedError(`ADD of a Git repository is not supported: ${name}; build with it as the context instead`);
  return isRemote ? { kind: "address", address: name } : { kind: "path", name };
}

function checkChecksum(checksum: string, sources: readonly PlannedSource[]): void {
  if (sources.length !== 1) throw new InvalidArgumentError("checksum can't be specified for multiple sources");
  if (sources[0]?.kind !== "address") throw new InvalidArgumentError("checksum can't be specified for non-HTTP(S) sources");
  if (!parseDigest(checksum).startsWith("sha256:"))
    throw new InvalidArgumentError(`unsupported digest algorithm in --checksum=${checksum}`);
}

function isOn(value: string | undefined): boolean {
  return value !== undefined && value !== "false";
}

/** Relative to the working directory; `.` is a directory. */
function destinationOf(text: string, workingDir: string): string {
  const path = posix.resolve("/", workingDir, text);
  const isFolder = text === "." || text.endsWith("/") || text.endsWith("/.");
  return isFolder && path !== "/" ? `${path}/` : path;
}
