import { StatusError } from "./cli-errors.ts";
import { defineCommand } from "./command.ts";
import { bool, filter, int, string } from "./flags/flags.ts";

/** `docker search`: says that it cannot be done. */
export const command = defineCommand({
  use: "[OPTIONS] TERM",
  flags: {
    filter: filter("Filter output based on conditions provided", { short: "f" }),
    format: string("Pretty-print search using a Go template"),
    limit: int("Max number of search results"),
    "no-trunc": bool("Don't truncate output"),
  },
  args: { min: 1, max: 1 },
  completes: ["none"],
  run() {
    throw new StatusError("searching Docker Hub is not supported by this client: name the image to pull it");
  },
});
