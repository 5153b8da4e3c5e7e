import { InvalidArgumentError } from "../../base/errors.ts";

/** Variables of builds are short; matching takes time by the square of their lengths. */
const limits = { value: 4096, pattern: 256 };

/** A literal character, any one (`?`), or any number of any (`*`). */
type Token = string | { readonly many: boolean };

/** `${value#pattern}` and its like: what is left when the shortest or longest match at one end is taken away. @throws InvalidArgumentError */
export function withoutMatch(value: string, pattern: string, { atEnd, isLongest }: { atEnd: boolean; isLongest: boolean }): string {
  const tokens = parsePattern(pattern, value);
  const lengths = Array.from({ length: value.length + 1 }, (_, length) => length);
  const fits = (length: number): boolean => matches(tokens, atEnd ? value.slice(value.length - length) : value.slice(0, length));
  const found = (isLongest ? lengths.findLast(fits) : lengths.find(fits)) ?? 0;
  return atEnd ? value.slice(0, value.length - found) : value.slice(found);
}

/** `${value/pattern/text}`, or of all matches, each as long as can be. @throws InvalidArgumentError */
export function replaceMatches(value: string, pattern: string, replacement: string, isAll: boolean): string {
  const tokens = parsePattern(pattern, value);
  let result = "";
  for (let at = 0; at < value.length;) {
    const lengths = Array.from({ length: value.length - at }, (_, length) => length + 1);
    const found = lengths.findLast((length) => matches(tokens, value.slice(at, at + length)));
    if (found === undefined) {
      result += value[at++];
      continue;
    }
    result += replacement;
    at += found;
    if (!isAll) return result + value.slice(at);
  }
  return result;
}

function parsePattern(pattern: string, value: string): readonly Token[] {
  const fail = (why: string): never => {
    throw new InvalidArgumentError(`invalid pattern (${pattern}) in substitution: ${why}`);
  };
  if (pattern.length > limits.pattern || value.length > limits.value)
    fail(`patterns of more than ${limits.pattern} and values of more than ${limits.value} characters are not supported`);
  const tokens: Token[] = [];
  for (let at = 0; at < pattern.length; at++) {
    const char = pattern[at] ?? "";
    if (char !== "\\") {
      tokens.push(char === "*" ? { many: true } : char === "?" ? { many: false } : char);
      continue;
    }
    const escaped = pattern[++at] ?? "";
    if (!["}", "/", "*", "?", "\\"].includes(escaped) || escaped === "") fail(`invalid escape '\\${escaped}'`);
    tokens.push(escaped);
  }
  return tokens;
}

/** Whether the whole text fits. Only the last `*` is ever gone back to, so that no pattern takes long. */
function matches(tokens: readonly Token[], text: string): boolean {
  let [token, at, star, starAt] = [0, 0, -1, 0];
  while (at < text.length) {
    const wanted = tokens[token];
    if (typeof wanted === "object" && wanted.many) {
      star = token++;
      starAt = at;
    } else if (wanted !== undefined && (typeof wanted === "object" || wanted === text[at])) {
      token++;
      at++;
    } else if (star >= 0) {
      token = star + 1;
      at = ++starAt;
    } else return false;
  }
  return tokens.slice(token).every((rest) => typeof rest === "object" && rest.many);
}
