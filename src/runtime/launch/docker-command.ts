import { readFileSync } from "node:fs";
import { join } from "node:path";

/** The text of a `docker` command that has the engine at `host` do the work, or runs our Node program where that cannot be: `node` with `start`. */
export function dockerCommand(places: { readonly node: string; readonly start: readonly string[]; readonly host: string }): string {
  const [node, host, ...start] = [places.node, places.host, ...places.start].map((text) => `'${text.replaceAll(/['\\]/g, "\\$&")}'`);
  const body = readFileSync(join(import.meta.dirname, "docker.pl"), "utf8");
  return `#!/usr/bin/perl\nour ($node, $default, @start) = (${[node, host, ...start].join(", ")});\n${body}`;
}
