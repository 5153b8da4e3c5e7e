import { readFileSync } from "node:fs";
import { join } from "node:path";

/** The text of a `docker` command that has the engine at `host` do the work, or runs our Node program `cli` where that cannot be. */
export function dockerCommand(places: { readonly node: string; readonly cli: string; readonly host: string }): string {
  const quoted = [places.node, places.cli, places.host].map((text) => `'${text.replaceAll(/['\\]/g, "\\$&")}'`);
  const body = readFileSync(join(import.meta.dirname, "docker.pl"), "utf8");
  return `#!/usr/bin/perl\nour ($node, $cli, $default) = (${quoted.join(", ")});\n${body}`;
}
