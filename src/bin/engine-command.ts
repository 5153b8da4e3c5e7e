import { Option } from "commander";
import { newCommand } from "../harness/cli/command-line.ts";
import { WAYS_OUT } from "../runtime/launch/way-out.ts";

const HELP = `
Prints DOCKER_HOST=unix://… when it listens, and serves until it is ended (Ctrl-C, SIGTERM).

Example:
  slipway engine --root /tmp/root &
  DOCKER_HOST=unix:///tmp/root/docker.sock docker run --rm busybox echo hi
`;

/** `slipway engine` with its flags. */
export function engineCommand(): ReturnType<typeof newCommand> {
  return newCommand("engine", "Serve the Docker Engine API on a root's docker.sock.")
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
}
