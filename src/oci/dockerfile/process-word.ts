import { InvalidArgumentError } from "../../base/errors.ts";

/** The value of a variable, undefined when it is not set. */
export type Lookup = (name: string) => string | undefined;

/**
 * Expands variables and removes quotes and escapes in an argument, as Dockerfiles have it: `$a`, `${a}`, `${a:-default}`, `${a:+other}`
 * (also without the colon, and `?` for an error). Single quotes keep everything, double quotes expand.
 * @throws InvalidArgumentError when it is malformed.
 */
export function processWord(text: string, lookup: Lookup, escape = "\\"): string {
  return new Scanner(text, lookup, escape).until("");
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
  #at = 0;
  #depth = 0;

  constructor(text: string, lookup: Lookup, escape: string) {
    this.#text = text;
    this.#lookup = lookup;
    this.#escape = escape;
  }

  /** Up to an unquoted `stop`, which is consumed, or to the end when `stop` is empty. */
  until(stop: string): string {
    let result = "";
    for (;;) {
      const char = this.#text[this.#at];
      if (char === undefined) {
        if (stop !== "") throw new InvalidArgumentError("syntax error: missing '}'");
        return result;
      }
      this.#at++;
      if (char === stop) return result;
      if (char === "'") result += this.#singleQuoted();
      else if (char === '"') result += this.#doubleQuoted();
      else if (char === "$") result += this.#variable();
      else if (char === this.#escape) result += this.#text[this.#at++] ?? "";
      else result += char;
    }
  }

  #singleQuoted(): string {
    const end = this.#text.indexOf("'", this.#at);
    if (end < 0) throw new InvalidArgumentError("unexpected end of statement while looking for matching single-quote");
    const content = this.#text.slice(this.#at, end);
    this.#at = end + 1;
    return content;
  }

  #doubleQuoted(): string {
    let result = "";
    for (;;) {
      const char = this.#text[this.#at++];
      if (char === undefined) throw new InvalidArgumentError("unexpected end of statement while looking for matching double-quote");
      if (char === '"') return result;
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
    if (this.#text[this.#at] !== "{") {
      const name = this.#name();
      return name === "" ? "$" : (this.#lookup(name) ?? "");
    }
    this.#at++;
    const name = this.#name();
    if (name === "") throw new InvalidArgumentError("syntax error: bad substitution");
    let operator = this.#text[this.#at++];
    if (operator === "}") return this.#lookup(name) ?? "";
    const orEmpty = operator === ":";
    if (orEmpty) operator = this.#text[this.#at++];
    if (operator === undefined) throw new InvalidArgumentError("syntax error: missing '}'");
    if (!["-", "+", "?"].includes(operator)) throw new InvalidArgumentError(`unsupported modifier (${operator}) in substitution`);
    this.#depth += 1;
    if (this.#depth > nestingLimit) throw new InvalidArgumentError("substitutions are nested too deeply");
    const word = this.until("}");
    this.#depth -= 1;
    const value = this.#lookup(name);
    const isSet = value !== undefined && !(orEmpty && value === "");
    if (operator === "+") return isSet ? word : "";
    if (operator === "?" && !isSet)
      throw new InvalidArgumentError(`${name}: ${word || (orEmpty ? "not allowed to be empty" : "not allowed to be unset")}`);
    return isSet ? (value ?? "") : word;
  }

  #name(): string {
    const name = /^(?:[A-Za-z_]\w*|\d+|[@*#!?])/.exec(this.#text.slice(this.#at))?.[0] ?? "";
    this.#at += name.length;
    return name;
  }
}
