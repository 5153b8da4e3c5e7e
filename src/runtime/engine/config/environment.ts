/** The PATH of a process whose image sets none. */
export const defaultPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** `KEY` of `KEY=value`. */
export function keyOf(variable: string): string {
  const equals = variable.indexOf("=");
  return equals < 0 ? variable : variable.slice(0, equals);
}

/** `overrides` replace variables where they stand and follow otherwise; one without `=` takes the variable away. */
export function overrideEnv(env: readonly string[], overrides: readonly string[]): readonly string[] {
  const result = [...env];
  // What an override gave, none of the others takes away.
  const removable = new Set(env.map(keyOf));
  for (const variable of overrides) {
    const at = result.findIndex((existing) => keyOf(existing) === keyOf(variable));
    if (!variable.includes("=")) {
      if (at >= 0 && removable.has(variable)) result.splice(at, 1);
    } else if (at >= 0) result[at] = variable;
    else result.push(variable);
  }
  return result;
}

/** The environment of a container's process in Docker's order: PATH, HOSTNAME, TERM, what links give, then the container's own, and HOME where none says. */
export function processEnv(options: {
  readonly hostname: string;
  readonly tty: boolean;
  readonly linked?: readonly string[];
  readonly config: readonly string[];
  readonly more?: readonly string[];
  readonly home: string;
}): readonly string[] {
  const base = [`PATH=${defaultPath}`, `HOSTNAME=${options.hostname}`, ...(options.tty ? ["TERM=xterm"] : [])];
  const inherited = overrideEnv(base, options.linked ?? []);
  const env = overrideEnv(overrideEnv(inherited, options.config), options.more ?? []);
  return env.some((variable) => keyOf(variable) === "HOME") ? env : [...env, `HOME=${options.home}`];
}
