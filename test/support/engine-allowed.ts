import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";

/** Whether the project is built: engines run from `dist`. */
export const isBuilt = existsSync(join(import.meta.dirname, "../../dist/bin/engine.js"));

/** Whether this kernel lets this user make the namespaces that an engine lives in. */
export const hasNamespaces = spawnSync("unshare", ["--user", "--map-root-user", "--mount", "true"]).status === 0;
