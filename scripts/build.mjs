// Compiles src → dist, copies what is not TypeScript beside it, and bundles the programs whose start must be quick.
import { execFileSync } from "node:child_process";
import { chmodSync, cpSync, existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { rolldown } from "rolldown";

const project = join(import.meta.dirname, "..");
execFileSync(process.execPath, [join(project, "node_modules/typescript/bin/tsc"), "-p", join(project, "tsconfig.build.json")], {
  stdio: "inherit",
});
cpSync(join(project, "src"), join(project, "dist"), { recursive: true, filter: (path) => !path.endsWith(".ts") });
for (const name of ["slipway", "docker"]) {
  const file = join(project, "dist/bin", `${name}.js`);
  if (existsSync(file)) chmodSync(file, 0o755);
}

// In folders as deep below the package as what they are made from, for both find their files by relative paths.
rmSync(join(project, "dist/bundle"), { recursive: true, force: true });
for (const [name, file] of [
  ["engine", "dist/bundle/engine.js"],
  ["docker", "dist/bundle/cli/docker.js"],
]) {
  const bundle = await rolldown({ input: join(project, "dist/bin", `${name}.js`), platform: "node", external: ["koffi"] });
  await bundle.write({ file: join(project, file), codeSplitting: false });
  await bundle.close();
}
