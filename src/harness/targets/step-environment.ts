const STANDARD_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** The whole environment of steps: nothing of the caller's gets in, so a scenario sees the same everywhere. */
export function stepEnvironment(options: {
  /** A directory with a `docker` in it, which comes first on the PATH; null for the host's. */
  readonly clientDirectory: string | null;
  readonly home: string;
  readonly dockerHost: string;
}): Readonly<Record<string, string>> {
  return {
    PATH: options.clientDirectory === null ? STANDARD_PATH : `${options.clientDirectory}:${STANDARD_PATH}`,
    HOME: options.home,
    LANG: "C.UTF-8",
    TERM: "xterm",
    TZ: "UTC",
    DOCKER_HOST: options.dockerHost,
    // Answers of the client are compared, so no hints and advertisements in them.
    DOCKER_CLI_HINTS: "false",
  };
}

/** Runs the command after it in that directory, as seen by the process itself. */
export function inDirectory(directory: string, argv: readonly string[]): readonly [string, ...string[]] {
  return ["/bin/sh", "-c", 'cd "$0" && exec "$@"', directory, ...argv];
}
