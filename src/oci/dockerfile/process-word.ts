import { InvalidArgumentError } from "../../base/errors.ts";
import { replaceMatches, withoutMatch } from "./shell-pattern.ts";

/** The value of a variable, undefined when it is not set. */
export type Lookup = (name: string) => string | undefined;

/** How a text is shown rather than used, as in a step's title: with its quotes, and with variables that are not set as they stand. */
export interface WordOptions {
  readonly keepsQuotes?: boolean;
  readonly keepsUnset?: boolean;
}

/**
 * Expands variables and removes quotes and escapes in an argument, as Dockerfiles have it: `$a`, `${a}`, `${a:-default}`, `${a:+other}`
 * (also without the colon, and `?` for an error), `${a#pattern}`, `##`, `%`, `%%`, `${a/pattern/text}`, `//`. Single quotes keep
 * everything, double quotes expand.
 * @throws InvalidArgumentError `failed to process "…": …` when it is malformed.
 */
export function processWord(text: string, lookup: Lookup, escape = "\\", options: WordOptions = {}): string {
  try {
    return new Scanner(text, lookup, escape, options).until("");
  } catch (error) {
    if (!(error instanceof InvalidArgumentError)) throw error;
    throw new InvalidArgumentError(`failed to process ${JSON.stringify(text)}: ${error.message}`, { cause: error });
  }
}

/** Splits at white space outside of quotes; quotes and escapes stay. */
export function splitWords(text: string, escape = "\\"): readonly string[] {
  const words: string[] = [];
  let word = "";
  let quote = "";
  let inWord = false;
  for (let at = 0; at < text.length; at++) {
    const char = text[at] ?? "";
    if (quote === "" && /\s/.test(char)) {
      if (inWord) words.push(word);
      word = "";
      inWord = false;
      continue;
    }
    inWord = true;
    if (char === escape && quote !== "'" && at + 1 < text.length) {
      word += char + text[++at];
      continue;
    }
    if (quote === "" && (char === "'" || char === '"')) quote = char;
    else if (char === quote) quote = "";
    word += char;
  }
  if (inWord) words.push(word);
  return words;
}

/** Nobody nests `${a:-${b:-…}}` as deeply as this. */
const nestingLimit = 100;

class Scanner {
  readonly #text: string;
  readonly #lookup: Lookup;
  readonly #escape: string;
  readonly #quotes: boolean;
  readonly #keepsUnset: boolean;
  #at = 0;
  #depth = 0;
  /** Within a pattern an escape stays, for the pattern to read. */
  #keepsEscapes = false;

  constructor(text: string, lookup: Lookup, escape: string, { keepsQuotes = false, keepsUnset = false }: WordOptions) {
    this.#text = text;
    this.#lookup = lookup;
    this.#escape = escape;
    this.#quotes = keepsQuotes;
    this.#keepsUnset = keepsUnset;
  }

  /** Up to an unquoted `stop`, which is consumed, or to the end when `stop` is empty. */
  until(stop: string): string {
    let result = "";
    for (;;) {
      const char = this.#text[this.#at];
      if (char === undefined) {
        if (stop !== "") throw new InvalidArgumentError(`syntax error: missing '${stop}'${stop === "/" ? " in ${}" : ""}`);
        return result;
      }
      this.#at++;
      if (char === stop) return result;
      if (char === "'") result += this.#singleQuoted();
      else if (char === '"') result += this.#doubleQuoted();
      else if (char === "$") result += this.#variable();
      else if (char === this.#escape) result += (this.#keepsEscapes ? char : "") + (this.#text[this.#at++] ?? "");
      else result += char;
    }
  }

  #singleQuoted(): string {
    const end = this.#text.indexOf("'", this.#at);
    if (end < 0) throw new InvalidArgumentError("unexpected end of statement while looking for matching single-quote");
    const content = this.#text.slice(this.#at, end);
    this.#at = end + 1;
    return this.#quotes ? `'${content}'` : content;
  }

  #doubleQuoted(): string {
    let result = "";
    for (;;) {
      const char = this.#text[this.#at++];
      if (char === undefined) throw new InvalidArgumentError("unexpected end of statement while looking for matching double-quote");
      if (char === '"') return this.#quotes ? `"${result}"` : result;
      const next = this.#text[this.#at];
      if (char === "$") result += this.#variable();
      else if (char === this.#escape && next !== undefined) {
        this.#at++;
        // Before anything else the escape stands for itself.
        result += next === '"' || next === "$" || next === this.#escape ? next : char + next;
      } else result += char;
    }
  }

  #variable(): string {
    const start = this.#at - 1;
    if (this.#text[this.#at] !== "{") {
      const name = this.#name();
      return name === "" ? "$" : (this.#lookup(name) ?? (this.#keepsUnset ? `$${name}` : ""));
    }
    this.#at++;
    const name = this.#name();
    if (name === "") throw new InvalidArgumentError("syntax error: bad substitution");
    const value = this.#lookup(name);
    const result = this.#substitution(name, value);
    return value === undefined && this.#keepsUnset ? this.#text.slice(start, this.#at) : result;
  }

  /** What stands behind the name in braces. */
  #substitution(name: string, value: string | undefined): string {
    let operator = this.#text[this.#at++];
    if (operator === "}") return value ?? "";
    const orEmpty = operator === ":";
    if (orEmpty) operator = this.#text[this.#at++];
    if (operator === undefined) throw new InvalidArgumentError("syntax error: missing '}'");
    if (!orEmpty && (operator === "#" || operator === "%")) return this.#trimmed(operator, value ?? "");
    if (!orEmpty && operator === "/") return this.#replaced(value ?? "");
    if (!["-", "+", "?"].includes(operator)) throw new InvalidArgumentError(`unsupported modifier (${operator}) in substitution`);
    const word = this.#nested("}", false);
    const isSet = value !== undefined && !(orEmpty && value === "");
    if (operator === "+") return isSet ? word : "";
    if (operator === "?" && !isSet)
      throw new InvalidArgumentError(`${name}: ${word || (orEmpty ? "not allowed to be empty" : "not allowed to be unset")}`);
    return isSet ? (value ?? "") : word;
  }

  #nested(stop: string, keepsEscapes: boolean): string {
    this.#depth += 1;
    if (this.#depth > nestingLimit) throw new InvalidArgumentError("substitutions are nested too deeply");
    const before = this.#keepsEscapes;
    this.#keepsEscapes = keepsEscapes;
    const word = this.until(stop);
    this.#keepsEscapes = before;
    this.#depth -= 1;
    return word;
  }

  /** `#` and `%` take the shortest match from the beginning or the end, doubled the longest. */
  #trimmed(operator: "#" | "%", value: string): string {
    const isLongest = this.#text[this.#at] === operator;
    if (isLongest) this.#at++;
    return withoutMatch(value, this.#nested("}", true), { atEnd: operator === "%", isLongest });
  }

  /** `/` replaces the first match, `//` all of them. */
  #replaced(value: string): string {
    const isAll = this.#text[this.#at] === "/";
    if (isAll) this.#at++;
    const pattern = this.#nested("/", true);
    return replaceMatches(value, pattern, this.#nested("}", true), isAll);
  }

  #name(): string {
    const name = /^(?:[A-Za-z_]\w*|\d+|[@*#!?])/.exec(this.#text.slice(this.#at))?.[0] ?? "";
    this.#at += name.length;
    return name;
  }
}
