// compile-bundle.cjs PLACE: writes PLACE.cache, what V8 makes of all functions of PLACE.bundle. Node must have the flags that will run it.
"use strict";
const { readFileSync, writeFileSync } = require("node:fs");
const Module = require("node:module");
const { setFlagsFromString } = require("node:v8");
const { Script } = require("node:vm");

const [, , place] = process.argv;
const isLazy = !process.execArgv.includes("--no-lazy");
setFlagsFromString("--no-lazy");
const script = new Script(Module.wrap(readFileSync(`${place}.bundle`, "latin1")), { filename: `${place}.bundle` });
// Which flags there are is part of the cache.
if (isLazy) setFlagsFromString("--lazy");
writeFileSync(`${place}.cache`, script.createCachedData());
