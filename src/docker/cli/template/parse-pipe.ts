import type { Token } from "./lex.ts";
import type { Command, Operand, Pipe } from "./nodes.ts";
import { TemplateError } from "./template-error.ts";
import { unquoteChar, unquoteString } from "./unquote.ts";

/** Names that templates may call. */
export type FunctionNames = ReadonlySet<string>;

/** Reads what stands in one `{{…}}`. */
export class PipeParser {
  readonly #source: string;
  readonly #tokens: readonly Token[];
  readonly #functions: FunctionNames;
  readonly #variables: string[];
  readonly #end: number;
  #next = 0;

  constructor(source: string, tokens: readonly Token[], at: number, functions: FunctionNames, variables: string[]) {
    this.#source = source;
    this.#tokens = tokens;
    this.#functions = functions;
    this.#variables = variables;
    const last = tokens.at(-1);
    this.#end = last ? last.at + last.text.length : at;
  }

  /** The next token that is no space, left where it is. */
  peek(): Token | undefined {
    while (this.#tokens[this.#next]?.kind === "space") this.#next++;
    return this.#tokens[this.#next];
  }

  next(): Token | undefined {
    const token = this.peek();
    this.#next++;
    return token;
  }

  get position(): number {
    return this.peek()?.at ?? this.#end;
  }

  expectEnd(context: string): void {
    const token = this.peek();
    if (token) throw this.#unexpected(token, context);
  }

  pipeline(context: string): Pipe {
    const pipe = this.#pipe(context);
    this.expectEnd(context);
    return pipe;
  }

  #pipe(context: string): Pipe {
    const at = this.position;
    const { declares, assigns } = this.#declarations(context);
    const commands: Command[] = [];
    for (;;) {
      const token = this.peek();
      if (!token || (token.text === ")" && context === PARENTHESES)) break;
      commands.push(this.#command(context));
      const after = this.peek();
      if (after?.text !== "|") break;
      this.next();
    }
    const [first, ...others] = commands;
    if (!first) throw this.#error(at, `missing value for ${context}`);
    others.forEach(({ words }, index) => {
      if (["bool", "dot", "nil", "number", "string"].includes(words[0].kind)) {
        throw this.#error(words[0].at, `non executable command in pipeline stage ${index + 2}`);
      }
    });
    this.#variables.push(...(assigns ? [] : declares));
    return { kind: "pipe", at, declares, assigns, commands: [first, ...others] };
  }

  #declarations(context: string): { declares: readonly string[]; assigns: boolean } {
    const start = this.#next;
    const names: string[] = [];
    for (let token = this.peek(); token?.kind === "variable"; token = this.peek()) {
      this.next();
      names.push(token.text);
      const mark = this.peek();
      if (mark?.text === ":=" || mark?.text === "=") {
        this.next();
        const assigns = mark.text === "=";
        const unknown = assigns ? names.find((name) => !this.#variables.includes(name)) : undefined;
        if (unknown !== undefined) throw this.#error(token.at, `undefined variable ${JSON.stringify(unknown)}`);
        return { declares: names, assigns };
      }
      if (mark?.text !== "," || context !== "range" || names.length === 2) break;
      this.next();
    }
    this.#next = start;
    return { declares: [], assigns: false };
  }

  #command(context: string): Command {
    const at = this.position;
    const words: Operand[] = [];
    for (let operand = this.#operand(); operand; operand = this.#operand()) {
      words.push(operand);
      const after = this.#tokens[this.#next];
      if (after && after.kind !== "space" && after.text !== "|" && after.text !== ")") throw this.#unexpected(after, "operand");
    }
    const [first, ...others] = words;
    if (!first) {
      const token = this.peek();
      throw token ? this.#unexpected(token, context) : this.#error(at, "empty command");
    }
    return { at, words: [first, ...others] };
  }

  #operand(): Operand | null {
    const term = this.#term();
    if (!term) return null;
    const names: string[] = [];
    const at = this.#tokens[this.#next]?.at ?? this.#end;
    for (let token = this.#tokens[this.#next]; token?.kind === "field"; token = this.#tokens[this.#next]) {
      this.#next++;
      names.push(token.text.slice(1));
    }
    if (names.length === 0) return term;
    if (term.kind === "field") return { kind: "field", at, names: [...term.names, ...names] };
    if (term.kind === "variable") return { kind: "variable", at, name: term.name, names };
    if (["bool", "string", "number", "nil", "dot"].includes(term.kind)) {
      throw this.#error(at, `unexpected . after term ${JSON.stringify(this.#source.slice(term.at, at))}`);
    }
    return { kind: "chain", at, of: term, names };
  }

  #term(): Operand | null {
    const token = this.peek();
    if (!token || token.text === "|" || token.text === ")") return null;
    if (token.kind === "other" || (token.kind === "mark" && token.text !== "(")) return null;
    this.next();
    const { at, text } = token;
    switch (token.kind) {
      case "dot":
        return { kind: "dot", at };
      case "field":
        return { kind: "field", at, names: [text.slice(1)] };
      case "variable":
        if (!this.#variables.includes(text)) throw this.#error(at, `undefined variable ${JSON.stringify(text)}`);
        return { kind: "variable", at, name: text, names: [] };
      case "string":
        return { kind: "string", at, text, value: unquoteString(text) };
      case "char":
        return { kind: "number", at, text, value: unquoteChar(text), float: false };
      case "number":
        return { kind: "number", at, text, ...numberOf(text) };
      case "word":
        if (text === "true" || text === "false") return { kind: "bool", at, value: text === "true" };
        if (text === "nil") return { kind: "nil", at };
        if (!this.#functions.has(text)) throw this.#error(at, `function ${JSON.stringify(text)} not defined`);
        return { kind: "function", at, name: text };
      default: {
        const pipe = this.#pipe(PARENTHESES);
        this.next();
        return pipe;
      }
    }
  }

  #unexpected(token: Token, context: string): TemplateError {
    if (token.text === ")" && context !== PARENTHESES) return this.#error(token.at, "unexpected right paren");
    const shown = token.kind === "word" && KEYWORDS.has(token.text) ? `<${token.text}>` : JSON.stringify(token.text);
    return this.#error(token.at, `unexpected ${shown} in ${context}`);
  }

  #error(at: number, message: string): TemplateError {
    return new TemplateError(this.#source, at, message);
  }
}

const PARENTHESES = "parenthesized pipeline";

const KEYWORDS: ReadonlySet<string> = new Set([
  "if",
  "else",
  "end",
  "range",
  "with",
  "break",
  "continue",
  "nil",
  "define",
  "template",
  "block",
]);

function numberOf(text: string): { value: number; float: boolean } {
  const plain = text.replaceAll("_", "").replace(/^([+-]?)0(?=\d)/, "$10o");
  const sign = plain.startsWith("-") ? -1 : 1;
  const value = sign * Number(plain.replace(/^[+-]/, ""));
  return { value, float: !/^[+-]?0x/i.test(text) && /[.eE]/.test(text) };
}
