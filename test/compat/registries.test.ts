import { spawnSync } from "node:child_process";
import { describe } from "vitest";
import { registryCases } from "./cases/registries.ts";
import { compareEngines } from "./compare-engines.ts";

const installed = spawnSync("docker-registry", ["--version"]).status === 0;

describe.skipIf(!installed)("with Debian's docker-registry", () => {
  compareEngines({ registries: registryCases });
});
