import { StatusError } from "./cli-errors.ts";
import { argument, defineCommand } from "./command.ts";
import { bool } from "./flags/flags.ts";
import { copyFromContainer } from "./files/copy-from-container.ts";
import { copyToContainer } from "./files/copy-to-container.ts";

/** `docker cp`: files between a container and here, with the path rules of `cp -a`. */
export const command = defineCommand({
  use: "[OPTIONS] CONTAINER:SRC_PATH DEST_PATH|-\n\tdocker cp [OPTIONS] SRC_PATH|- CONTAINER:DEST_PATH",
  long: `Copy files/folders between a container and the local filesystem

Use '-' as the source to read a tar archive from stdin
and extract it to a directory destination in a container.
Use '-' as the destination to stream a tar archive of a
container source to stdout.`,
  flags: {
    archive: bool("Archive mode (copy all uid/gid information)", { short: "a" }),
    "follow-link": bool("Always follow symbol link in SRC_PATH", { short: "L" }),
    quiet: bool("Suppress progress output during copy. Progress output is automatically suppressed if no terminal is attached", {
      short: "q",
    }),
  },
  args: { min: 2, max: 2 },
  completes: ["files", "files"],
  async run(options, context) {
    const { flags } = options;
    const [from, to] = [splitPlace(argument(options, 0)), splitPlace(argument(options, 1))];
    if (argument(options, 0) === "") throw new StatusError("source can not be empty");
    if (argument(options, 1) === "") throw new StatusError("destination can not be empty");
    if (from.container !== "" && to.container !== "") throw new StatusError("copying between containers is not supported");
    context.ownProcess();
    const copy = { archive: flags.archive, followLink: flags["follow-link"] };
    if (from.container !== "") await copyFromContainer(from.container, from.path, to.path, copy, context);
    else if (to.container !== "") await copyToContainer(from.path, to.container, to.path, copy, context);
    else throw new StatusError("must specify at least one container source");
    return 0;
  },
});

/** `name:path`; a text that starts with a slash or a dot before its colon is a path here. */
function splitPlace(text: string): { container: string; path: string } {
  const colon = text.indexOf(":");
  if (text.startsWith("/") || text.startsWith(".") || colon < 0) return { container: "", path: text };
  return { container: text.slice(0, colon), path: text.slice(colon + 1) };
}
