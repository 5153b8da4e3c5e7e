import { InvalidArgumentError } from "../../base/errors.ts";

/** Where a daemon listens: options of `node:http`, and the text that people know it by. */
export type DockerHost =
  { readonly text: string; readonly socketPath: string } | { readonly text: string; readonly hostname: string; readonly port: number };

/** dockerd's own address, used when nothing else is said. */
export const defaultDockerHost = "unix:///var/run/docker.sock";

/**
 * Parses `DOCKER_HOST`: `unix:///path` or `tcp://host[:port]` (2375 by default).
 * @throws InvalidArgumentError for anything else, in docker's words.
 */
export function parseDockerHost(text: string): DockerHost {
  const match = /^(\w+):\/\/(.*)$/.exec(text);
  const [, scheme, rest = ""] = match ?? [];
  if (scheme === "unix" && rest !== "") return { text, socketPath: rest };
  if (scheme === "tcp") {
    const [, hostname = "localhost", port = "2375"] = /^(.*?)(?::(\d+))?\/?$/.exec(rest) ?? [];
    return { text, hostname, port: Number(port) };
  }
  throw new InvalidArgumentError(`unable to parse docker host \`${text}\``);
}
