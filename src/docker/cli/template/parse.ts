import { lexTemplate, type Piece } from "./lex.ts";
import type { ParsedTemplate, Statement } from "./nodes.ts";
import { PipeParser, type FunctionNames } from "./parse-pipe.ts";
import { TemplateError } from "./template-error.ts";
import { unquoteString } from "./unquote.ts";

/**
 * Parses a Go text template: fields, variables, pipelines, `if`, `range`, `with`, templates with names, comments and trim marks.
 * @throws TemplateError in Go's words, `function "foo" not defined`.
 */
export function parseTemplate(source: string, functions: FunctionNames): ParsedTemplate {
  return new StatementParser(source, lexTemplate(source), functions).parse();
}

type Ending = "end" | "else" | "eof";

class StatementParser {
  readonly #source: string;
  readonly #pieces: readonly Piece[];
  readonly #functions: FunctionNames;
  /** Replaced while a template with a name is read, which sees none of those around it. */
  #variables: string[] = ["$"];
  readonly #templates = new Map<string, readonly Statement[]>();
  #next = 0;
  #ranges = 0;
  /** What stands behind the last `else`: `if …`, or nothing. */
  #afterElse: PipeParser | null = null;

  constructor(source: string, pieces: readonly Piece[], functions: FunctionNames) {
    this.#source = source;
    this.#pieces = pieces;
    this.#functions = functions;
  }

  parse(): ParsedTemplate {
    const [statements, ending] = this.#list();
    if (ending !== "eof") throw this.#error(this.#at(), `unexpected {{${ending}}}`);
    return { statements, templates: this.#templates };
  }

  /** Statements up to `{{end}}`, `{{else}}` or the end of the text. */
  #list(): [statements: readonly Statement[], ending: Ending] {
    const statements: Statement[] = [];
    for (let piece = this.#pieces[this.#next++]; piece; piece = this.#pieces[this.#next++]) {
      if (piece.kind === "text") {
        statements.push({ kind: "text", text: piece.text });
        continue;
      }
      const parser = new PipeParser(this.#source, piece.tokens, piece.at, this.#functions, this.#variables);
      const word = parser.peek();
      const keyword = word?.kind === "word" ? word.text : "";
      if (keyword === "end" || keyword === "else") {
        parser.next();
        this.#afterElse = keyword === "else" && parser.peek()?.text === "if" ? parser : null;
        if (!this.#afterElse) parser.expectEnd(keyword);
        return [statements, keyword];
      }
      if (keyword === "if" || keyword === "range" || keyword === "with") {
        parser.next();
        statements.push(this.#control(keyword, parser));
      } else if (keyword === "break" || keyword === "continue") {
        if (this.#ranges === 0) throw this.#error(piece.at, `{{${keyword}}} outside {{range}}`);
        parser.next();
        parser.expectEnd(keyword);
        statements.push({ kind: keyword, at: word?.at ?? 0 });
      } else if (keyword === "define") {
        parser.next();
        const name = this.#templateName(parser, "define clause");
        parser.expectEnd("define clause");
        this.#define(name);
      } else if (keyword === "template" || keyword === "block") {
        parser.next();
        const at = parser.position;
        const name = this.#templateName(parser, `${keyword} clause`);
        const pipe = parser.peek() || keyword === "block" ? parser.pipeline(`${keyword} clause`) : null;
        if (keyword === "block") this.#define(name);
        statements.push({ kind: "template", at, name, pipe });
      } else statements.push({ kind: "action", pipe: parser.pipeline("command") });
    }
    return [statements, "eof"];
  }

  #templateName(parser: PipeParser, context: string): string {
    const token = parser.next();
    if (token?.kind !== "string") {
      throw this.#error(token?.at ?? this.#at(), `unexpected ${token ? JSON.stringify(token.text) : '"}}"'} in ${context}`);
    }
    return unquoteString(token.text);
  }

  /** What stands up to `{{end}}` becomes the template of that name. */
  #define(name: string): void {
    const [variables, ranges] = [this.#variables, this.#ranges];
    this.#variables = ["$"];
    this.#ranges = 0;
    const [body, ending] = this.#list();
    if (ending !== "end") throw this.#error(this.#source.length, "unexpected EOF");
    this.#templates.set(name, body);
    this.#variables = variables;
    this.#ranges = ranges;
  }

  #control(kind: "if" | "range" | "with", parser: PipeParser): Statement {
    const variables = this.#variables.length;
    const at = parser.position;
    const pipe = parser.pipeline(kind);
    if (kind === "range") this.#ranges++;
    let [body, ending] = this.#list();
    if (kind === "range") this.#ranges--;
    let otherwise: readonly Statement[] = [];
    if (ending === "else") {
      const chained: PipeParser | null = this.#afterElse;
      this.#afterElse = null;
      if (chained && kind === "if") {
        chained.next();
        // `{{else if}}` shares the outer `{{end}}`.
        otherwise = [this.#control("if", chained)];
        ending = "end";
      } else if (chained) throw this.#error(this.#at(), `unexpected <if> in ${kind === "range" ? "else" : "input"}`);
      else [otherwise, ending] = this.#list();
      if (ending === "else") throw this.#error(this.#at(), "expected end; found {{else}}");
    }
    if (ending === "eof") throw this.#error(this.#source.length, "unexpected EOF");
    this.#variables.length = variables;
    return { kind, at, pipe, body, otherwise };
  }

  #at(): number {
    const piece = this.#pieces[this.#next - 1];
    return piece?.kind === "action" ? piece.at : this.#source.length;
  }

  #error(at: number, message: string): TemplateError {
    return new TemplateError(this.#source, at, message);
  }
}
