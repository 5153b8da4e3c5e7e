import { processWord, type Lookup } from "../../oci/dockerfile/process-word.ts";

/** Variables in a here-document: quotes mean nothing there, and an escape only in front of `$` and itself. */
export function expandText(text: string, lookup: Lookup, escape: string): string {
  let result = "";
  for (let at = 0; at < text.length;) {
    const char = text[at] ?? "";
    const next = text[at + 1] ?? "";
    if (char === escape && (next === "$" || next === escape)) {
      result += next;
      at += 2;
      continue;
    }
    const variable = char === "$" ? /^\$(?:[A-Za-z_]\w*|\d+|\{)/.exec(text.slice(at, at + 256))?.[0] : undefined;
    if (variable === undefined) {
      result += char;
      at += 1;
      continue;
    }
    const end = variable === "${" ? closingBrace(text, at + 2) : at + variable.length;
    result += processWord(text.slice(at, end), lookup, escape);
    at = end;
  }
  return result;
}

/** Behind the `}` that ends a `${` whose content begins at `from`. */
function closingBrace(text: string, from: number): number {
  let depth = 1;
  for (let at = from; at < text.length; at++) {
    if (text.startsWith("${", at)) depth += 1;
    else if (text[at] === "}" && --depth === 0) return at + 1;
  }
  return text.length;
}
