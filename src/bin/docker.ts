#!/usr/bin/env -S node --
import { runDockerProgram } from "./docker-program.ts";
import { defaultDockerHost } from "../docker/client/docker-host.ts";

await runDockerProgram(process.argv.slice(2), () => Promise.resolve(defaultDockerHost));
