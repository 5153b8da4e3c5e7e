import { defaultDockerHost } from "../docker/client/docker-host.ts";
import { runDockerProgram } from "./docker-program.ts";

/** `slipway docker …` */
export function main(argv: readonly string[]): Promise<number> {
  return runDockerProgram(argv, () => Promise.resolve(defaultDockerHost));
}
