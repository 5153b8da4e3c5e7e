// snapshot-bundle.cjs PLACE, with `node --snapshot-blob BLOB --build-snapshot`: runs the modules of PLACE.bundle and leaves in BLOB what has become of
// them, for a Node of the same version and flags to start from: `node --snapshot-blob BLOB PLACE.js`.
"use strict";
const { readFileSync } = require("node:fs");
const { Script } = require("node:vm");

const place = process.argv.at(-1);
// Where the bundle lies is known when it is started, and not before.
const text = readFileSync(`${place}.bundle`, "latin1").replaceAll("__dirname", 'require("node:path").dirname(process.argv[1])');
// As a whole script: only of those does V8 compile all functions, with --no-lazy.
const run = new Script(`(function (require, module, exports) {${text}\n})`, { filename: `${place}.bundle` }).runInThisContext();
const { env } = process;
const refused = (_, name) => {
  throw new Error(`${place}.bundle reads the environment's ${String(name)} before it is started`);
};
process.env = new Proxy(env, { get: refused, has: refused, ownKeys: refused });
const program = { exports: {} };
run(require, program, program.exports);
setImmediate(() => {
  process.env = env;
});

// Of Node's own modules those that a snapshot can hold, of which each would be loaded soon after.
for (const name of ["child_process", "crypto", "net", "stream/promises", "timers/promises", "zlib"]) require(`node:${name}`);
