import { bool, list, string } from "./flags.ts";

/** Flags that stand before the command: `docker -H unix:///path ps`. */
export const globalFlags = (configFolder: string) => ({
  config: string("Location of client config files", { shownDefault: JSON.stringify(configFolder) }),
  context: string(
    'Name of the context to use to connect to the daemon (overrides DOCKER_HOST env var and default context set with "docker context use")',
    {
      short: "c",
    },
  ),
  debug: bool("Enable debug mode", { short: "D" }),
  host: list("Daemon socket to connect to", { short: "H" }),
  "log-level": string('Set the logging level ("debug", "info", "warn", "error", "fatal")', { short: "l", initial: "info" }),
  version: bool("Print version information and quit", { short: "v" }),
});
