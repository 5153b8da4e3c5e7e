import type { FlagSet, FlagSpec, FlagValues } from "./flags.ts";
import { UsageError } from "../cli-errors.ts";

/** What a command line says: the flags' values, which of them were given, and the rest. */
export interface ParsedFlags<F extends FlagSet> {
  readonly flags: FlagValues<F>;
  /** Long names of the flags that stand on the line. */
  readonly given: ReadonlySet<string>;
  readonly args: readonly string[];
  /** How many of `args` stand before a `--`; -1 when there is none. */
  readonly argsBeforeDash: number;
  /** `--help` was given, or `-h` where no flag has that letter. */
  readonly help: "no" | "long" | "short";
}

const HELP: FlagSpec<boolean> = {
  type: "",
  usage: "Print usage",
  initial: false,
  bare: "true",
  hidden: true,
  parse: (text) => text !== "false",
};

/**
 * Reads a command line as pflag does: `-dit`, `-p80:80`, `-p=80:80`, `--name x`, `--name=x`, `--all=false`, `--`.
 * With `interspersed` false everything from the first word on belongs to the container (`docker run image ls -l`).
 * @throws UsageError in pflag's words, `unknown flag: --foo`.
 */
export function parseFlags<F extends FlagSet>(argv: readonly string[], set: F, interspersed: boolean): ParsedFlags<F> {
  const values = new Map<string, unknown>(Object.entries(set).map(([name, spec]) => [name, spec.initial]));
  const given = new Set<string>();
  const args: string[] = [];
  let argsBeforeDash = -1;
  let help: ParsedFlags<F>["help"] = "no";
  const rest = [...argv];

  const assign = (name: string, spec: FlagSpec, text: string): void => {
    try {
      values.set(name, spec.parse(text, values.get(name)));
    } catch (error) {
      const shown = spec.short === undefined ? `--${name}` : `-${spec.short}, --${name}`;
      throw new UsageError(`invalid argument ${JSON.stringify(text)} for "${shown}" flag: ${(error as Error).message}`);
    }
    given.add(name);
  };

  const long = (word: string): void => {
    const [, name = "", value] = /^([^=]*)(?:=([\s\S]*))?$/.exec(word.slice(2)) ?? [];
    if (name === "" || name.startsWith("-")) throw new UsageError(`bad flag syntax: ${word}`);
    const spec = Object.hasOwn(set, name) ? set[name] : name === "help" ? HELP : undefined;
    if (spec === undefined) throw new UsageError(`unknown flag: --${name}`);
    const text = value ?? spec.bare ?? rest.shift();
    if (text === undefined) throw new UsageError(`flag needs an argument: ${word}`);
    if (spec === HELP) help = "long";
    else assign(name, spec, text);
  };

  const short = (word: string): void => {
    for (let letters = word.slice(1); letters !== "";) {
      const letter = letters[0] as string;
      const [name, spec] = Object.entries(set).find(([, candidate]) => candidate.short === letter) ?? [];
      if (name === undefined || spec === undefined) {
        if (letter !== "h") throw new UsageError(`unknown shorthand flag: '${letter}' in -${letters}`);
        help = "short";
        return;
      }
      const after = letters.slice(1);
      if (after.length > 1 && after.startsWith("=")) return assign(name, spec, after.slice(1));
      if (spec.bare !== undefined) {
        assign(name, spec, spec.bare);
        letters = after;
        continue;
      }
      const text = after === "" ? rest.shift() : after;
      if (text === undefined) throw new UsageError(`flag needs an argument: '${letter}' in -${letters}`);
      return assign(name, spec, text);
    }
  };

  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (word === "--") {
      argsBeforeDash = args.length;
      args.push(...rest.splice(0));
    } else if (word.length < 2 || !word.startsWith("-")) {
      args.push(word);
      if (!interspersed) args.push(...rest.splice(0));
    } else if (word.startsWith("--")) long(word);
    else short(word);
  }
  return { flags: Object.fromEntries(values) as FlagValues<F>, given, args, argsBeforeDash, help };
}
