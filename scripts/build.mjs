// Compiles src → dist, copies what is not TypeScript beside it, and bundles the programs whose start must be quick.
import { execFileSync } from "node:child_process";
import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { rolldown } from "rolldown";
import { asAscii, ownPlaces, schemasCompiled, withLateBuiltins } from "./bundle-plugins.mjs";

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

const bundles = join(project, "dist/bundle");
rmSync(bundles, { recursive: true, force: true });
// A file a command, of which each start loads a few: half of what our docker adds to Node's own start.
await bundle("docker", "bundle/cli", { entryFileNames: "docker.js", minify: true });
await wholeBundle("docker", "docker", "bundle/cli");
// One file with what V8 makes of it.
const { dockerFlags, dockerSnapshot, engineFlags, engineSnapshot } = await import("../dist/runtime/launch/node-start.js");
const { defaultLimits } = await import("../dist/harness/targets/submission-limits.js");
await compiled("engine", "engine", engineFlags());
// For those without limits, and those with what a submission has unless its exercise says otherwise.
for (const limits of [undefined, defaultLimits]) snapshot("engine", engineFlags(limits), engineSnapshot(limits));
snapshot("cli/docker", dockerFlags, dockerSnapshot());
await compiled("slipway", "slipway-program", []);
writeFileSync(join(bundles, "package.json"), '{ "type": "commonjs" }\n');

/** As CommonJS, which Node loads sooner than modules. */
async function bundle(name, folder, output) {
  const made = await rolldown({
    input: join(project, "dist/bin", `${name}.js`),
    platform: "node",
    external: ["koffi"],
    plugins: [ownPlaces(folder), schemasCompiled],
    logLevel: "silent",
  });
  await made.write({ format: "cjs", dir: join(project, "dist", folder), ...output });
  await made.close();
}

/** All modules of a program in one NAME.bundle, even those that are loaded late. */
async function wholeBundle(name, program, folder) {
  await bundle(program, folder, { entryFileNames: `${name}.bundle`, codeSplitting: false });
  const file = join(project, "dist", folder, `${name}.bundle`);
  const code = readFileSync(file, "utf8").replace(/^#!.*\n/, "");
  // A script cannot; and need not, for Node's own modules are loaded late without.
  const [late] = /\bimport\("node:[^"]+"\)/.exec(code) ?? [];
  if (late !== undefined) throw new Error(`${name}.bundle has ${late}`);
  writeFileSync(file, asAscii(withLateBuiltins(code)));
}

/** Makes NAME.js of `dist/bin/PROGRAM.js`, which starts NAME.bundle with NAME.cache; `flags` are those that Node will be started with. */
async function compiled(name, program, flags) {
  const place = join(bundles, name);
  await wholeBundle(name, program, "bundle");
  cpSync(join(project, "scripts/start-bundle.cjs"), `${place}.js`);
  execFileSync(process.execPath, [...flags, join(project, "scripts/compile-bundle.cjs"), place], { stdio: "inherit" });
}

/**
 * Writes to `path` what has become of a bundle's modules, for a Node with these flags to start from; that of another version than this project is made
 * with may not be able to, and programs start without.
 */
function snapshot(name, flags, path) {
  const file = join(project, path);
  const words = [
    ...flags,
    "--no-warnings",
    "--snapshot-blob",
    file,
    "--build-snapshot",
    join(project, "scripts/snapshot-bundle.cjs"),
    join(bundles, name),
  ];
  try {
    execFileSync(process.execPath, words, { stdio: ["ignore", "ignore", "pipe"], env: {} });
  } catch (error) {
    rmSync(file, { force: true });
    process.stderr.write(`No snapshot of ${name} with Node ${process.version}, which starts without: ${String(error.stderr)}\n`);
  }
}
