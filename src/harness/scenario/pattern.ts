/** A regular expression as scenarios write it: `^` and `$` are of lines, and escapes must be right. @throws SyntaxError */
export function compilePattern(pattern: string): RegExp {
  return new RegExp(pattern, "mu");
}
