import { posix } from "node:path";
import { InvalidArgumentError } from "../../base/errors.ts";
import type { ImageRunConfig } from "../image-config.ts";
import { healthcheck } from "./healthcheck.ts";
import { processWord, splitWords, type Lookup } from "./process-word.ts";

/** A configuration as instructions change it. */
export type Draft = { -readonly [K in keyof ImageRunConfig]: ImageRunConfig[K] };

/** An instruction's arguments, with the variables that they may use. */
export interface InstructionArguments {
  /** Everything behind the keyword, continuations joined. */
  readonly text: string;
  readonly lookup: Lookup;
  readonly escape: string;
}

type Change = (draft: Draft, given: InstructionArguments) => void;

/** What each instruction that changes nothing but the configuration does to it. */
export const configInstructions: Readonly<Record<string, Change>> = {
  CMD: (draft, { text }) => void (draft.Cmd = execOrShell(draft, text)),
  ENTRYPOINT: (draft, { text }) => void (draft.Entrypoint = execOrShell(draft, text)),
  ENV: (draft, given) => {
    let env = draft.Env ?? [];
    for (const [key, value] of pairs("ENV", given)) env = withEnv(env, key, value);
    draft.Env = env;
  },
  LABEL: (draft, given) => void (draft.Labels = { ...draft.Labels, ...Object.fromEntries(pairs("LABEL", given)) }),
  EXPOSE: (draft, given) => {
    requireText("EXPOSE", given, "at least one argument");
    draft.ExposedPorts = {
      ...draft.ExposedPorts,
      ...Object.fromEntries(
        words(given)
          .flatMap((word) => ports(word))
          .map((port) => [port, {}]),
      ),
    };
  },
  USER: (draft, given) => {
    requireText("USER", given, "exactly one argument");
    draft.User = expanded(given);
  },
  VOLUME: (draft, given) => {
    requireText("VOLUME", given, "at least one argument");
    const paths = (jsonStrings(given.text) ?? splitWords(given.text, given.escape)).map((word) =>
      processWord(word, given.lookup, given.escape).trim(),
    );
    if (paths.includes("")) throw new InvalidArgumentError("VOLUME specified can not be an empty string");
    draft.Volumes = { ...draft.Volumes, ...Object.fromEntries(paths.map((path) => [path, {}])) };
  },
  WORKDIR: (draft, given) => {
    requireText("WORKDIR", given, "exactly one argument");
    draft.WorkingDir = posix.resolve("/", draft.WorkingDir ?? "", expanded(given));
  },
  STOPSIGNAL: (draft, given) => {
    requireText("STOPSIGNAL", given, "exactly one argument");
    draft.StopSignal = expanded(given);
  },
  SHELL: (draft, given) => {
    const shell = jsonStrings(given.text);
    if (!shell) throw new InvalidArgumentError("SHELL requires the arguments to be in JSON form");
    if (shell.length === 0) throw new InvalidArgumentError("SHELL requires at least one argument");
    draft.Shell = shell;
  },
  HEALTHCHECK: (draft, given) => {
    requireText("HEALTHCHECK", given, "at least one argument");
    draft.Healthcheck = healthcheck(given.text);
  },
  ONBUILD: (draft, given) => {
    requireText("ONBUILD", given, "at least one argument");
    const trigger = (/^\S+/.exec(given.text)?.[0] ?? "").toUpperCase();
    if (trigger === "ONBUILD") throw new InvalidArgumentError("Chaining ONBUILD via `ONBUILD ONBUILD` isn't allowed");
    if (trigger === "FROM" || trigger === "MAINTAINER") throw new InvalidArgumentError(`${trigger} isn't allowed as an ONBUILD trigger`);
    draft.OnBuild = [...(draft.OnBuild ?? []), given.text];
  },
};

/** `KEY=value` set in an environment, in the place that KEY has or at the end. */
export function withEnv(env: readonly string[], key: string, value: string): readonly string[] {
  const at = env.findIndex((entry) => entry.startsWith(`${key}=`) || entry === key);
  return at < 0 ? [...env, `${key}=${value}`] : env.with(at, `${key}=${value}`);
}

/** Looks variables up in an environment. */
export function lookupIn(env: readonly string[] | undefined): Lookup {
  return (name) => env?.find((entry) => entry.startsWith(`${name}=`))?.slice(name.length + 1);
}

/** The JSON form of an instruction, `["a", "b"]`, or null when the text is not that. */
export function jsonStrings(text: string): readonly string[] | null {
  if (!text.trimStart().startsWith("[")) return null;
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) && value.every((item) => typeof item === "string") ? value : null;
  } catch {
    // Docker takes what is no JSON for a shell command.
    return null;
  }
}

/** The exec form as it is, the shell form behind the configuration's shell. */
export function execOrShell({ Shell }: Pick<ImageRunConfig, "Shell">, text: string): readonly string[] {
  return jsonStrings(text) ?? [...(Shell ?? ["/bin/sh", "-c"]), ...(text === "" ? [] : [text])];
}

/** Arguments split at white space, each expanded. */
export function words({ text, lookup, escape }: InstructionArguments): readonly string[] {
  return splitWords(text, escape).flatMap((word) => processWord(word, lookup, escape).split(/\s+/).filter(Boolean));
}

/** `a=b c="d e"`, or the old `a b c`, where all behind `a` is its value. */
function pairs(keyword: string, given: InstructionArguments): readonly (readonly [string, string])[] {
  requireText(keyword, given, "at least one argument");
  const { text, lookup, escape } = given;
  const parts = splitWords(text, escape);
  const expand = (word: string): string => processWord(word, lookup, escape);
  if (!parts[0]?.includes("=")) {
    const [, key = "", value = ""] = /^(\S+)\s+([\s\S]*)$/.exec(text) ?? [];
    if (value === "") throw new InvalidArgumentError(`${keyword} must have two arguments`);
    return [[expand(key), expand(value)]];
  }
  return parts.map((part) => {
    const equals = part.indexOf("=");
    if (equals < 0) throw new InvalidArgumentError(`Syntax error - can't find = in "${part}". Must be of the form: name=value`);
    const key = expand(part.slice(0, equals));
    if (key === "") throw new InvalidArgumentError(`${keyword} names can not be blank`);
    return [key, expand(part.slice(equals + 1))];
  });
}

/** `80`, `80/udp`, `8000-8002` as Docker's keys, `80/tcp`. */
function ports(word: string): readonly string[] {
  const [range = "", protocol = "tcp"] = word.split("/");
  const [first = "", last = first] = range.split("-");
  const lower = protocol.toLowerCase();
  if (!["tcp", "udp", "sctp"].includes(lower)) throw new InvalidArgumentError(`Invalid proto: ${protocol}`);
  const [from, to] = [Number(first), Number(last)];
  if (!/^\d+$/.test(first) || !/^\d+$/.test(last) || from > to || to > 65_535)
    throw new InvalidArgumentError(`Invalid containerPort: ${range}`);
  return Array.from({ length: to - from + 1 }, (_, index) => `${from + index}/${lower}`);
}

function expanded({ text, lookup, escape }: InstructionArguments): string {
  return processWord(text, lookup, escape);
}

function requireText(keyword: string, { text }: InstructionArguments, what: string): void {
  if (text.trim() === "") throw new InvalidArgumentError(`${keyword} requires ${what}`);
}
