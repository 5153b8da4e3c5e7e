// Starts the program that lies beside this file as NAME.bundle, NAME being this file's. V8 compiled it when it was built: NAME.cache has what came
// of that, and is passed over by another Node than the one that built it.
"use strict";
const { readFileSync } = require("node:fs");
const Module = require("node:module");
const { Script } = require("node:vm");

const name = __filename.slice(0, -".js".length);
let cachedData;
try {
  cachedData = readFileSync(`${name}.cache`);
} catch {
  // Compiled now, then.
}
// The bundle is ASCII, which is read quickest.
const script = new Script(Module.wrap(readFileSync(`${name}.bundle`, "latin1")), { filename: `${name}.bundle`, cachedData });
script.runInThisContext().call(exports, exports, require, module, __filename, __dirname);
