#!/usr/bin/env -S node --

import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

// In one file, compiled, it starts in half the time.
const bundled = join(import.meta.dirname, "../bundle/slipway.js");
if (existsSync(bundled)) createRequire(import.meta.url)(bundled);
else await import("./slipway-program.ts");
