// Compiles src → dist, copies what is not TypeScript beside it, and bundles the programs whose start must be quick.
import { execFileSync } from "node:child_process";
import { chmodSync, cpSync, existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
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

// What `docker version` tells of the engine; a copy without its repository has no commit.
let commit = "";
try {
  commit = execFileSync("git", ["-C", project, "rev-parse", "--short", "HEAD"], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  }).trim();
} catch {
  // No git, or no repository.
}
writeFileSync(join(project, "dist/build.json"), `${JSON.stringify({ commit, time: new Date().toISOString() })}\n`);

// npm links the commands of packages that others depend on, but not a clone's own.
const link = join(project, "node_modules/.bin/slipway");
rmSync(link, { force: true });
mkdirSync(dirname(link), { recursive: true });
symlinkSync("../../dist/bin/slipway.js", link);

// In folders as deep below the package as what they are made from, for both find their files by relative paths.
const bundles = join(project, "dist/bundle");
rmSync(bundles, { recursive: true, force: true });
// The docker commands that it runs for callers are a file of their own: an engine is ready before it has them.
await bundle("engine", {
  dir: bundles,
  entryFileNames: "engine.js",
  chunkFileNames: ({ name }) => (name === "commands" ? "served/commands.js" : "engine-[name].js"),
  codeSplitting: { groups: [{ name: "commands", test: /\/docker\/(cli|client)\// }] },
});
// A file a command, as CommonJS, which Node loads sooner than modules: half of what our docker adds to Node's own start.
await bundle("docker", { dir: join(bundles, "cli"), format: "cjs", entryFileNames: "docker.js", minify: true });
writeFileSync(join(bundles, "cli/package.json"), '{ "type": "commonjs" }\n');

async function bundle(name, output) {
  const made = await rolldown({
    input: join(project, "dist/bin", `${name}.js`),
    platform: "node",
    external: ["koffi"],
    logLevel: "silent",
  });
  await made.write(output);
  await made.close();
}
