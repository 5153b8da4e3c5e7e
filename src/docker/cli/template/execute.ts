import { callFunction, type TemplateFunction } from "./call-function.ts";
import { printValue } from "./go-print.ts";
import { GoMap, GoNil, GoSlice, GoStruct, GoFloat, isTrue, typeOf, type GoValue } from "./go-value.ts";
import type { Command, Operand, ParsedTemplate, Pipe, Statement, TemplateCall } from "./nodes.ts";
import { ExecuteError } from "./template-error.ts";

export interface Program extends ParsedTemplate {
  readonly source: string;
  readonly functions: ReadonlyMap<string, TemplateFunction>;
  /** Go's option `missingkey=error`: a key that a map has not is an error, and not `<no value>`. */
  readonly missingKeyIsError: boolean;
}

interface Variable {
  readonly name: string;
  value: GoValue;
}

/** Leaves a loop: how far is in `kind`. */
class LoopExit extends Error {
  readonly kind: "break" | "continue";
  constructor(kind: "break" | "continue") {
    super(kind);
    this.kind = kind;
  }
}

/** Runs a template on `data`. @throws ExecuteError in Go's words. */
export function executeTemplate(program: Program, data: GoValue): string {
  return new Execution(program, data).run();
}

type Control = Extract<Statement, { readonly body: unknown }>;

/** How deep templates may call each other; Go stops at 100000, where our stack would have ended long before. */
const MAX_DEPTH = 1000;

/** No value yet: the pipeline's first command gets none from before. */
const NOTHING = Symbol("nothing");
type Piped = GoValue | typeof NOTHING;

class Execution {
  readonly #program: Program;
  readonly #data: GoValue;
  /** Replaced within a template with a name, which sees none of those around it. */
  #variables: Variable[];
  #depth = 0;
  #output = "";

  constructor(program: Program, data: GoValue) {
    this.#program = program;
    this.#data = data;
    this.#variables = [{ name: "$", value: data }];
  }

  run(): string {
    this.#walk(this.#program.statements, this.#data);
    return this.#output;
  }

  #walk(statements: readonly Statement[], dot: GoValue): void {
    for (const statement of statements) {
      const mark = this.#variables.length;
      switch (statement.kind) {
        case "text":
          this.#output += statement.text;
          continue;
        case "action": {
          const value = this.#pipe(statement.pipe, dot);
          if (statement.pipe.declares.length === 0) this.#output += printValue(value);
          // A variable set here lives to the end of the list.
          continue;
        }
        case "if":
        case "with": {
          const value = this.#pipe(statement.pipe, dot);
          if (isTrue(value)) this.#walk(statement.body, statement.kind === "with" ? value : dot);
          else this.#walk(statement.otherwise, dot);
          break;
        }
        case "range":
          this.#range(statement, dot);
          break;
        case "template":
          this.#template(statement, dot);
          break;
        case "break":
        case "continue":
          throw new LoopExit(statement.kind);
      }
      this.#variables.length = mark;
    }
  }

  #template(statement: TemplateCall, dot: GoValue): void {
    const { name, pipe } = statement;
    const body = this.#program.templates.get(name);
    if (!body) throw new ExecuteError(this.#program.source, statement, `template ${JSON.stringify(name)} not defined`);
    if (++this.#depth > MAX_DEPTH)
      throw new ExecuteError(this.#program.source, statement, `exceeded maximum template depth (${MAX_DEPTH})`);
    const value = pipe ? this.#pipe(pipe, dot) : undefined;
    const around = this.#variables;
    this.#variables = [{ name: "$", value }];
    this.#walk(body, value);
    this.#variables = around;
    this.#depth--;
  }

  #range(statement: Control, dot: GoValue): void {
    const { pipe } = statement;
    const value = this.#pipe({ ...pipe, declares: [] }, dot);
    const entries = this.#entriesOf(value, pipe);
    if (entries.length === 0) return this.#walk(statement.otherwise, dot);
    const mark = this.#variables.length;
    for (const [key, element] of entries) {
      const [first, second] = pipe.declares;
      if (first !== undefined) this.#set(first, second === undefined ? element : key, pipe.assigns);
      if (second !== undefined) this.#set(second, element, pipe.assigns);
      try {
        this.#walk(statement.body, element);
      } catch (error) {
        if (!(error instanceof LoopExit)) throw error;
        if (error.kind === "break") break;
      } finally {
        this.#variables.length = mark;
      }
    }
  }

  #entriesOf(value: GoValue, node: Pipe): readonly (readonly [key: GoValue, element: GoValue])[] {
    if (value instanceof GoSlice) return value.items.map((item, index) => [index, item] as const);
    if (value instanceof GoMap) return [...value.entries].toSorted(([a], [b]) => (a < b ? -1 : 1));
    if (value === null || value === undefined) return [];
    throw new ExecuteError(this.#program.source, node, `range can't iterate over ${printValue(value)}`);
  }

  #pipe(pipe: Pipe, dot: GoValue): GoValue {
    let value: Piped = NOTHING;
    for (const command of pipe.commands) value = this.#command(command, dot, value);
    const result = value === NOTHING ? undefined : value;
    for (const name of pipe.declares) this.#set(name, result, pipe.assigns);
    return result;
  }

  #set(name: string, value: GoValue, assigns: boolean): void {
    const existing = assigns ? this.#variables.findLast((variable) => variable.name === name) : undefined;
    if (existing) existing.value = value;
    else this.#variables.push({ name, value });
  }

  #command(command: Command, dot: GoValue, piped: Piped): GoValue {
    const [first, ...rest] = command.words;
    switch (first.kind) {
      case "field":
        return this.#fields(dot, first, first.names, rest, dot, piped);
      case "chain":
        return this.#fields(this.#operand(first.of, dot), first, first.names, rest, dot, piped);
      case "variable":
        if (first.names.length === 0) break;
        return this.#fields(this.#variable(first.name), first, first.names, rest, dot, piped);
      case "function":
        return callFunction(this.#program, first.name, command, rest, (word) => this.#operand(word, dot), piped === NOTHING ? [] : [piped]);
      default:
    }
    if (first.kind === "nil") throw new ExecuteError(this.#program.source, first, "nil is not a command");
    if (rest.length > 0 || piped !== NOTHING) {
      throw new ExecuteError(this.#program.source, first, `can't give argument to non-function ${nodeName(first, this.#program.source)}`);
    }
    return this.#operand(first, dot);
  }

  #operand(node: Operand, dot: GoValue): GoValue {
    switch (node.kind) {
      case "dot":
        return dot;
      case "nil":
        return null;
      case "bool":
      case "string":
        return node.value;
      case "number":
        return node.float ? new GoFloat(node.value) : node.value;
      case "field":
        return this.#fields(dot, node, node.names, [], dot, NOTHING);
      case "variable":
        return this.#fields(this.#variable(node.name), node, node.names, [], dot, NOTHING);
      case "chain":
        return this.#fields(this.#operand(node.of, dot), node, node.names, [], dot, NOTHING);
      case "function":
        return callFunction(this.#program, node.name, { at: node.at, words: [node] }, [], () => undefined, []);
      default:
        return this.#pipe(node, dot);
    }
  }

  #variable(name: string): GoValue {
    return this.#variables.findLast((variable) => variable.name === name)?.value;
  }

  /** `.A.B arg`: only the last may be a method with arguments. */
  #fields(start: GoValue, node: Operand, names: readonly string[], args: readonly Operand[], dot: GoValue, piped: Piped): GoValue {
    let value = start;
    names.forEach((name, index) => {
      const last = index === names.length - 1;
      value = this.#field(value, node, name, last ? args : [], dot, last ? piped : NOTHING);
    });
    return value;
  }

  #field(value: GoValue, node: Operand, name: string, args: readonly Operand[], dot: GoValue, piped: Piped): GoValue {
    const fail = (message: string): never => {
      throw new ExecuteError(this.#program.source, node, message);
    };
    if (value instanceof GoStruct && Object.hasOwn(value.methods, name)) {
      const method = value.methods[name];
      const given = [...args.map((word) => this.#operand(word, dot)), ...(piped === NOTHING ? [] : [piped])];
      if (method && given.length !== method.length) fail(`wrong number of args for ${name}: want ${method.length} got ${given.length}`);
      return method?.(...given);
    }
    const hasArguments = args.length > 0 || piped !== NOTHING;
    if (value instanceof GoStruct && value.fields.has(name)) {
      if (hasArguments) fail(`${name} has arguments but cannot be invoked as function`);
      return value.fields.get(name);
    }
    if (value instanceof GoMap) {
      if (hasArguments) fail(`${name} is not a method but has arguments`);
      if (!value.entries.has(name) && this.#program.missingKeyIsError) fail(`map has no entry for key ${JSON.stringify(name)}`);
      return value.entries.get(name);
    }
    if (value === undefined) {
      if (this.#program.missingKeyIsError) fail(`nil data; no entry for key ${JSON.stringify(name)}`);
      return undefined;
    }
    if (value === null || value instanceof GoNil) fail(`nil pointer evaluating ${typeOf(value)}.${name}`);
    // Plain JSON holds everything as interfaces.
    const type = this.#program.missingKeyIsError ? "interface {}" : typeOf(value);
    return fail(`can't evaluate field ${name} in type ${type}`);
  }
}

function nodeName(node: Operand, source: string): string {
  return node.kind === "string" || node.kind === "number" ? node.text : source.slice(node.at, node.at + 1);
}
