import { Option } from "commander";
import { newCommand, parse } from "../harness/cli/command-line.ts";
import { defaultStore, ensureBaseImages } from "../provision/base-images.ts";
import { startEngine } from "../runtime/launch/start-engine.ts";
import { type WayOut, WAYS_OUT } from "../runtime/launch/way-out.ts";
import { interruptSignal } from "./interrupt-signal.ts";
import { runParsed } from "./run-parsed.ts";

const HELP = `
Prints DOCKER_HOST=unix://… when it listens, and serves until it is ended (Ctrl-C, SIGTERM).

Example:
  slipway engine --root /tmp/root &
  DOCKER_HOST=unix:///tmp/root/docker.sock docker run --rm busybox echo hi
`;

/** `slipway engine --root DIR` */
export function main(argv: readonly string[]): Promise<number> {
  const command = newCommand("engine", "Serve the Docker Engine API on a root's docker.sock.")
    .requiredOption("--root <dir>", "the engine's root: its containers, images and socket; made when it is not there")
    .addOption(
      new Option(
        "--host-network [way]",
        "publish ports on the host, and reach where it reaches: by nftables (root's), slirp4netns or pasta; by default the first that this host allows, which `docker info` tells",
      )
        .choices(WAYS_OUT)
        .preset(true)
        .default(false),
    )
    .addHelpText("after", HELP);
  const refusal = parse(command, argv);
  const options = command.opts<{ root: string; hostNetwork: boolean | WayOut }>();
  return runParsed(refusal ?? options, async ({ root, hostNetwork }, { stdout }) => {
    const signal = interruptSignal();
    const store = defaultStore();
    await ensureBaseImages(store);
    const engine = await startEngine({ root, store, hostNetwork });
    stdout(`DOCKER_HOST=unix://${engine.socket}\n`);
    let asked = false;
    signal.addEventListener("abort", () => {
      asked = true;
      void engine.stop();
    });
    await engine.exited;
    return asked ? 0 : 3;
  });
}
