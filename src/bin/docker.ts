#!/usr/bin/env -S node --
import { runDockerProgram } from "./docker-program.ts";
import { defaultDockerHost } from "../docker/client/docker-host.ts";

// No await: as CommonJS, which starts quicker, it has none at its top.
void runDockerProgram(process.argv.slice(2), () => Promise.resolve(defaultDockerHost));
