import { executeTemplate } from "./execute.ts";
import type { TemplateFunction } from "./call-function.ts";
import { templateFunctions } from "./functions.ts";
import type { GoValue } from "./go-value.ts";
import { parseTemplate } from "./parse.ts";

/** A parsed template, to be run on any number of values. */
export interface Template {
  /** @throws ExecuteError in Go's words. `missingKeyIsError` makes a key that a map has not an error. */
  execute(data: GoValue, options?: { readonly missingKeyIsError?: boolean }): string;
}

/**
 * Compiles a Go template with docker's functions.
 * @param overrides functions that replace those of the same name.
 * @throws TemplateError `template: :1: unclosed action`.
 */
export function compileTemplate(source: string, overrides: ReadonlyMap<string, TemplateFunction> = new Map()): Template {
  const functions = new Map([...templateFunctions, ...overrides]);
  const parsed = parseTemplate(source, new Set(functions.keys()));
  return {
    execute: (data, { missingKeyIsError = false } = {}) => executeTemplate({ source, ...parsed, functions, missingKeyIsError }, data),
  };
}
