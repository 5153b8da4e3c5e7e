import { goQuote } from "../format/go-quote.ts";
import { formatFloat, formatValue } from "./go-print.ts";
import { GoFloat, GoMap, GoNil, GoSlice, GoStruct, JsonNumber, typeOf, type GoValue } from "./go-value.ts";

const VERB = /%([-+# 0]*)(\d+|\*)?(?:\.(\d+|\*)?)?(.)/gsu;

/** Go takes no more, so that a template cannot ask for all the memory there is. */
const MAX_WIDTH = 1_000_000;

/** Go's `fmt.Sprintf` for the verbs that templates use: `%v %s %q %d %t %x %X %o %b %c %U %f %e %g %T %%`. */
export function sprintf(format: string, values: readonly GoValue[]): string {
  let next = 0;
  // A number too large in the text is no number, and nothing behind it is read.
  const broken = [...format.matchAll(VERB)].find(([, , ...numbers]) => numbers.slice(0, 2).some(isTooLarge));
  const readable = broken ? format.slice(0, broken.index) : format;
  const printed = readable.replace(VERB, (whole, flags: string, width?: string, precision?: string, verb = "") => {
    if (verb === "%") return "%";
    let complaint = "";
    const numberFrom = (given: string | undefined, name: string): number | undefined => {
      if (given !== "*") return given === undefined ? undefined : Number(given);
      const value = values[next++];
      if (typeof value === "number" && Math.abs(value) <= MAX_WIDTH) return value;
      complaint += `%!(${name})`;
      return undefined;
    };
    const wide = numberFrom(width, "BADWIDTH");
    const exact = whole.includes(".") ? numberFrom(precision ?? "0", "BADPREC") : undefined;
    if (next >= values.length) return `${complaint}%!${verb}(MISSING)`;
    const value = values[next++];
    const shown = complaint + verbText(verb, value, flags, exact);
    if (wide === undefined) return shown;
    const missing = Math.max(0, wide - [...shown].length);
    if (flags.includes("-")) return shown + " ".repeat(missing);
    const zeros = flags.includes("0") && !["s", "q", "v", "t"].includes(verb);
    if (!zeros) return " ".repeat(missing) + shown;
    const sign = /^[+-]/.exec(shown)?.[0] ?? "";
    return sign + "0".repeat(missing) + shown.slice(sign.length);
  });
  const text = broken ? `${printed}%!(NOVERB)` : printed;
  if (next >= values.length) return text;
  const extra = values
    .slice(next)
    .map((value) => (value === null || value === undefined ? "<nil>" : `${typeOf(value)}=${formatValue(value)}`));
  return `${text}%!(EXTRA ${extra.join(", ")})`;
}

/** As Go reads digits: it gives up before the one that follows a number above the limit. */
function isTooLarge(digits: string | undefined): boolean {
  return digits !== undefined && Number(digits.slice(0, -1)) > MAX_WIDTH;
}

function verbText(verb: string, value: GoValue, flags: string, precision: number | undefined): string {
  if (verb === "T") return value === null || value === undefined ? "<nil>" : typeOf(value);
  if (verb === "v") {
    if (value instanceof GoStruct && value.pointer) return `&${formatValue(value)}`;
    if (flags.includes("#") && typeof value === "string") return goQuote(value);
    if (flags.includes("+") && value instanceof GoStruct) {
      return `{${[...value.fields].map(([name, field]) => `${name}:${formatValue(field, 1)}`).join(" ")}}`;
    }
    return signed(value, formatValue(value), flags);
  }
  if (value instanceof GoSlice) return `[${value.items.map((item) => verbText(verb, item, flags, precision)).join(" ")}]`;
  if (value instanceof GoMap) {
    const entries = [...value.entries].toSorted(([a], [b]) => (a < b ? -1 : 1));
    return `map[${entries.map(([key, inner]) => `${verbText(verb, key, flags, precision)}:${verbText(verb, inner, flags, precision)}`).join(" ")}]`;
  }
  const wrong = (): string =>
    value === null || value === undefined || value instanceof GoNil
      ? `%!${verb}(<nil>)`
      : `%!${verb}(${typeOf(value)}=${formatValue(value)})`;
  if (value instanceof GoStruct) return verb === "s" ? formatValue(value) : wrong();
  const text = value instanceof JsonNumber ? value.text : value;
  if (typeof text === "string") {
    const cut = precision === undefined ? text : [...text].slice(0, precision).join("");
    if (verb === "s") return cut;
    if (verb === "q") return flags.includes("#") && !cut.includes("`") ? `\`${cut}\`` : goQuote(cut);
    if (verb === "x" || verb === "X") return cased(verb, Buffer.from(cut).toString("hex"));
    return wrong();
  }
  if (typeof value === "boolean") return verb === "t" ? String(value) : wrong();
  if (typeof value === "number") return signed(value, integerText(verb, value, flags) ?? wrong(), flags);
  if (value instanceof GoFloat) return signed(value, floatText(verb, value.value, precision) ?? wrong(), flags);
  return wrong();
}

function integerText(verb: string, value: number, flags: string): string | null {
  const prefix = (text: string): string => (flags.includes("#") ? text : "");
  const digits = (base: number): string =>
    (value < 0 ? "-" : "") + prefix(base === 16 ? "0x" : base === 8 ? "0" : "0b") + Math.abs(value).toString(base);
  switch (verb) {
    case "d":
      return String(value);
    case "x":
    case "X":
      return cased(verb, digits(16));
    case "o":
      return digits(8);
    case "b":
      return digits(2);
    case "c":
      return String.fromCodePoint(value);
    case "q":
      return `'${String.fromCodePoint(value)}'`;
    case "U":
      return `U+${value.toString(16).toUpperCase().padStart(4, "0")}`;
    default:
      return null;
  }
}

function floatText(verb: string, value: number, precision: number | undefined): string | null {
  const exponent = (text: string): string => text.replace(/e([+-])(\d)$/, "e$10$2");
  switch (verb) {
    case "f":
    case "F":
      return value.toFixed(precision ?? 6);
    case "e":
      return exponent(value.toExponential(precision ?? 6));
    case "g":
      return precision === undefined ? formatFloat(value) : String(Number(value.toPrecision(Math.max(1, precision))));
    default:
      return null;
  }
}

function signed(value: GoValue, text: string, flags: string): string {
  const negative = text.startsWith("-") || text.startsWith("%");
  if (negative || !(typeof value === "number" || value instanceof GoFloat)) return text;
  return flags.includes("+") ? `+${text}` : flags.includes(" ") ? ` ${text}` : text;
}

function cased(verb: string, text: string): string {
  return verb === "X" ? text.toUpperCase() : text;
}
