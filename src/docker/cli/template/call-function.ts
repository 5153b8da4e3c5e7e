import type { Program } from "./execute.ts";
import { isTrue, typeOf, GoSlice, type GoValue } from "./go-value.ts";
import { nodeText, type Command, type Operand } from "./nodes.ts";
import { ExecuteError } from "./template-error.ts";

export type Parameter = "string" | "int" | "[]string" | "any";

/** A function of templates: what it takes, and what it does; it throws an Error with Go's words. */
export interface TemplateFunction {
  readonly takes: readonly Parameter[];
  /** How many more values of any type may follow; default none. */
  readonly variadic?: true;
  call(args: readonly GoValue[]): GoValue;
}

/**
 * Calls `name`; `and` and `or` only evaluate what they need.
 * @throws ExecuteError with Go's texts about the number and types of arguments, and `error calling NAME: …`.
 */
export function callFunction(
  program: Program,
  name: string,
  command: Command,
  words: readonly Operand[],
  evaluate: (word: Operand) => GoValue,
  piped: readonly GoValue[],
): GoValue {
  const fail = (message: string, at: Operand | Command = command): never => {
    throw new ExecuteError(program.source, at, message);
  };
  const given = words.length + piped.length;
  if (name === "and" || name === "or") {
    if (given === 0) fail(`wrong number of args for ${name}: want at least 1 got 0`);
    let value: GoValue;
    for (const next of [...words.map((word) => () => evaluate(word)), ...piped.map((last) => () => last)]) {
      value = next();
      if (isTrue(value) === (name === "or")) return value;
    }
    return value;
  }
  const called = program.functions.get(name);
  if (!called) return fail(`${JSON.stringify(name)} is not a defined function`);
  const wanted = called.takes.length;
  if (called.variadic ? given < wanted : given !== wanted) {
    fail(`wrong number of args for ${name}: want ${called.variadic ? "at least " : ""}${wanted} got ${given}`);
  }
  const args = words.map((word, index) => {
    const value = evaluate(word);
    const wants = called.takes[index] ?? "any";
    if (!fits(value, wants)) {
      const constant = word.kind === "string" || word.kind === "number" || word.kind === "bool";
      fail(constant ? `expected ${constantName(wants)}; found ${nodeText(word)}` : wrongType(value, wants), word);
    }
    return value;
  });
  for (const value of piped) {
    const wants = called.takes[args.length] ?? "any";
    if (!fits(value, wants)) fail(wrongType(value, wants));
    args.push(value);
  }
  try {
    return called.call(args);
  } catch (error) {
    return fail(`error calling ${name}: ${(error as Error).message}`);
  }
}

function fits(value: GoValue, wants: Parameter): boolean {
  if (wants === "any") return true;
  if (wants === "[]string") return value instanceof GoSlice && value.type === "[]string";
  return typeof value === (wants === "int" ? "number" : "string");
}

function constantName(wants: Parameter): string {
  return wants === "int" ? "integer" : wants;
}

function wrongType(value: GoValue, wants: Parameter): string {
  if (value === undefined || value === null) return `invalid value; expected ${wants}`;
  return `wrong type for value; expected ${wants}; got ${typeOf(value)}`;
}
