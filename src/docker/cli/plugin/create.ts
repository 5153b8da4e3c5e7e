import { join, resolve } from "node:path";
import { createGzip } from "node:zlib";
import { StatusError } from "../cli-errors.ts";
import { argument, defineCommand } from "../command.ts";
import { goErrno, readFileStream } from "../files/file-streams.ts";
import { bool } from "../flags/flags.ts";
import { packTree } from "../files/local-tar.ts";

/** `docker plugin create`: sends a folder with `config.json` and `rootfs`. */
export const command = defineCommand({
  use: "[OPTIONS] PLUGIN PLUGIN-DATA-DIR",
  flags: { compress: bool("Compress the context using gzip") },
  args: { min: 2 },
  completes: ["none", "files"],
  async run(options, context) {
    const [name, folder] = [argument(options, 0), argument(options, 1)];
    context.ownProcess();
    (await readFileStream(join(folder, "config.json"), context)).destroy();
    const kind = await context.files.kindOf(join(folder, "rootfs")).catch((error: unknown) => {
      throw new StatusError(`stat ${join(folder, "rootfs")}: ${goErrno(error)}`);
    });
    if (kind !== "directory") throw new StatusError("plugin must contain a rootfs directory");
    const tar = packTree(resolve(context.cwd, folder), { root: "." });
    const body = options.flags.compress ? tar.pipe(createGzip()) : tar;
    await (await context.client()).request("POST", "/plugins/create", { query: { name }, body });
    context.stdout.write(`${name}\n`);
    return 0;
  },
});
