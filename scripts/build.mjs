// Compiles src → dist and copies what is not TypeScript beside it.
import { execFileSync } from "node:child_process";
import { chmodSync, cpSync, existsSync } from "node:fs";
import { join } from "node:path";

const project = join(import.meta.dirname, "..");
execFileSync(process.execPath, [join(project, "node_modules/typescript/bin/tsc"), "-p", join(project, "tsconfig.build.json")], {
  stdio: "inherit",
});
cpSync(join(project, "src"), join(project, "dist"), { recursive: true, filter: (path) => !path.endsWith(".ts") });
for (const name of ["slipway", "docker"]) {
  const file = join(project, "dist/bin", `${name}.js`);
  if (existsSync(file)) chmodSync(file, 0o755);
}
