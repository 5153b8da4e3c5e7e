/** One challenge of a 401 answer (RFC 9110 11.6.1); scheme and parameter names are in lower case. */
export interface Challenge {
  readonly scheme: string;
  readonly parameters: Readonly<Record<string, string>>;
}

const token = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
const parameter = new RegExp(`^(${token})\\s*=\\s*(?:"((?:[^"\\\\]|\\\\.)*)"|([^\\s,"]+))\\s*`);
const scheme = new RegExp(`^(${token})(?:\\s+|(?=,)|$)`);

/** Parses `WWW-Authenticate`, which may hold several challenges. What cannot be read ends the list. */
export function parseChallenges(header: string): readonly Challenge[] {
  const challenges: { scheme: string; parameters: Record<string, string> }[] = [];
  let rest = header.trim();
  while (rest !== "") {
    const pair = parameter.exec(rest);
    const current = challenges.at(-1);
    if (pair && current) {
      const [whole, name = "", quoted, plain = ""] = pair;
      current.parameters[name.toLowerCase()] = quoted === undefined ? plain : quoted.replaceAll(/\\(.)/g, "$1");
      rest = rest.slice(whole.length);
    } else {
      const start = pair ? null : scheme.exec(rest);
      if (!start) break;
      challenges.push({ scheme: (start[1] ?? "").toLowerCase(), parameters: Object.create(null) as Record<string, string> });
      rest = rest.slice(start[0].length);
    }
    rest = rest.replace(/^[\s,]+/, "");
  }
  return challenges;
}
