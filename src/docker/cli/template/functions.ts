import type { TemplateFunction } from "./call-function.ts";
import { compare, equals } from "./compare.ts";
import { templateJson } from "./go-json.ts";
import { sprint, formatValue } from "./go-print.ts";
import { sprintf } from "./go-printf.ts";
import { GoMap, GoNil, GoSlice, isTrue, JsonNumber, typeOf, type GoValue } from "./go-value.ts";

/** What `{{…}}` may call: Go's own functions, and docker's (`json split join title lower upper pad truncate`). */
export const templateFunctions: ReadonlyMap<string, TemplateFunction> = new Map<string, TemplateFunction>([
  // `and` and `or` are evaluated by the caller, who may leave out what they do not need.
  ["and", { takes: ["any"], variadic: true, call: ([value]) => value }],
  ["or", { takes: ["any"], variadic: true, call: ([value]) => value }],
  ["not", { takes: ["any"], call: ([value]) => !isTrue(value) }],
  ["len", { takes: ["any"], call: ([value]) => lengthOf(value) }],
  ["index", { takes: ["any"], variadic: true, call: ([value, ...keys]) => keys.reduce(indexOf, value) }],
  ["slice", { takes: ["any"], variadic: true, call: ([value, ...bounds]) => sliceOf(value, bounds) }],
  ["call", { takes: ["any"], variadic: true, call: ([value]) => fail(`non-function of type ${typeOf(value)}`) }],
  ["print", { takes: [], variadic: true, call: sprint }],
  ["printf", { takes: ["string"], variadic: true, call: ([format, ...values]) => sprintf(stringOf(format), values) }],
  ["println", { takes: [], variadic: true, call: (values) => `${values.map((value) => formatValue(value)).join(" ")}\n` }],
  ["html", { takes: [], variadic: true, call: (values) => escapeHtml(textOf(values)) }],
  ["js", { takes: [], variadic: true, call: (values) => escapeJs(textOf(values)) }],
  ["urlquery", { takes: [], variadic: true, call: (values) => new URLSearchParams([["", textOf(values)]]).toString().slice(1) }],
  ["eq", { takes: ["any"], variadic: true, call: ([first, ...others]) => equalsAny(first, others) }],
  ["ne", { takes: ["any", "any"], call: ([a, b]) => !equals(a, b) }],
  ["lt", { takes: ["any", "any"], call: ([a, b]) => compare(a, b) < 0 }],
  ["le", { takes: ["any", "any"], call: ([a, b]) => compare(a, b) <= 0 }],
  ["gt", { takes: ["any", "any"], call: ([a, b]) => compare(a, b) > 0 }],
  ["ge", { takes: ["any", "any"], call: ([a, b]) => compare(a, b) >= 0 }],
  ["json", { takes: ["any"], call: ([value]) => templateJson(value) }],
  ["split", { takes: ["string", "string"], call: ([text, by]) => new GoSlice("[]string", stringOf(text).split(stringOf(by))) }],
  ["join", { takes: ["[]string", "string"], call: ([list, by]) => (list as GoSlice).items.map(stringOf).join(stringOf(by)) }],
  [
    "title",
    { takes: ["string"], call: ([text]) => stringOf(text).replaceAll(/(?<![\p{L}\p{N}_'])\p{L}/gu, (letter) => letter.toUpperCase()) },
  ],
  ["lower", { takes: ["string"], call: ([text]) => stringOf(text).toLowerCase() }],
  ["upper", { takes: ["string"], call: ([text]) => stringOf(text).toUpperCase() }],
  ["pad", { takes: ["string", "int", "int"], call: ([text, before, after]) => pad(stringOf(text), Number(before), Number(after)) }],
  ["truncate", { takes: ["string", "int"], call: ([text, length]) => stringOf(text).slice(0, Number(length)) }],
]);

/** Whose types `takes` has already checked. */
function stringOf(value: GoValue): string {
  return value as string;
}

function fail(message: string): never {
  throw new Error(message);
}

function lengthOf(value: GoValue): number {
  if (typeof value === "string") return Buffer.byteLength(value);
  if (value instanceof JsonNumber) return value.text.length;
  if (value instanceof GoMap) return value.entries.size;
  if (value instanceof GoSlice) return value.items.length;
  if (value === null || value === undefined || value instanceof GoNil) return fail("len of nil pointer");
  return fail(`len of type ${typeOf(value)}`);
}

function indexOf(value: GoValue, key: GoValue): GoValue {
  if (value === null || value === undefined) return fail("index of untyped nil");
  if (value instanceof GoMap) {
    if (typeof key !== "string")
      return fail(
        key === null || key === undefined ? "value is nil; should be of type string" : `value has type ${typeOf(key)}; should be string`,
      );
    return value.entries.has(key) ? value.entries.get(key) : value.missing;
  }
  if (!(value instanceof GoSlice) && typeof value !== "string") return fail(`can't index item of type ${typeOf(value)}`);
  const index = numberFrom(key);
  const length = typeof value === "string" ? value.length : value.items.length;
  if (index < 0 || index >= length) return fail(`index out of range: ${index}`);
  return typeof value === "string" ? value.charCodeAt(index) : value.items[index];
}

function numberFrom(key: GoValue): number {
  if (typeof key === "number") return key;
  return fail(
    key === null || key === undefined ? "cannot index slice/array with nil" : `cannot index slice/array with type ${typeOf(key)}`,
  );
}

function sliceOf(value: GoValue, bounds: readonly GoValue[]): GoValue {
  if (value === null || value === undefined) return fail("slice of untyped nil");
  if (typeof value !== "string" && !(value instanceof GoSlice)) return fail(`can't slice item of type ${typeOf(value)}`);
  if (bounds.length > 3) return fail(`too many slice indexes: ${bounds.length}`);
  const length = typeof value === "string" ? value.length : value.items.length;
  const [from = 0, to = length] = bounds.map(numberFrom);
  for (const bound of [from, to]) if (bound < 0 || bound > length) return fail(`index out of range: ${bound}`);
  if (from > to) return fail(`invalid slice index: ${from} > ${to}`);
  return typeof value === "string" ? value.slice(from, to) : new GoSlice(value.type, value.items.slice(from, to));
}

function equalsAny(first: GoValue, others: readonly GoValue[]): boolean {
  if (others.length === 0) return fail("missing argument for comparison");
  return others.some((other) => equals(first, other));
}

function pad(text: string, before: number, after: number): string {
  return text === "" ? text : " ".repeat(before) + text + " ".repeat(after);
}

function textOf(values: readonly GoValue[]): string {
  return values.length === 1 && typeof values[0] === "string" ? values[0] : sprint(values);
}

const HTML: Readonly<Record<string, string>> = { '"': "&#34;", "'": "&#39;", "&": "&amp;", "<": "&lt;", ">": "&gt;" };

function escapeHtml(text: string): string {
  return text.replaceAll(/["'&<>]/g, (character) => HTML[character] ?? character);
}

const JS: Readonly<Record<string, string>> = {
  "\\": "\\\\",
  "'": "\\'",
  '"': '\\"',
  "<": "\\u003C",
  ">": "\\u003E",
  "&": "\\u0026",
  "=": "\\u003D",
};

function escapeJs(text: string): string {
  // oxlint-disable-next-line no-control-regex -- control characters are what this escapes
  return text.replaceAll(
    /[\\'"<>&=\x00-\x1f]/g,
    (character) => JS[character] ?? `\\u${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`,
  );
}
