#!/usr/bin/env -S node --
import { loadCommands } from "../docker/cli/command-table.ts";
import { defaultDockerHost } from "../docker/client/docker-host.ts";
import { atStart } from "./at-start.ts";
import { runDockerProgram } from "./docker-program.ts";

// No await: as CommonJS, which starts quicker, it has none at its top.
atStart(() => void runDockerProgram(process.argv.slice(2), () => Promise.resolve(defaultDockerHost)), loadCommands);
