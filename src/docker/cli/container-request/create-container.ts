import { open, rm, stat } from "node:fs/promises";
import { resolve } from "node:path";
import { hasErrno, NotFoundError } from "../../../base/errors.ts";
import { familiarString, withDefaultTag } from "../../../oci/reference.ts";
import type { ContainerCreateRequest } from "../../api/types.ts";
import type { CommandContext, CommandOptions } from "../command.ts";
import type { ContainerFlags } from "./container-flags.ts";
import { goErrno } from "../files/file-streams.ts";
import { printMessages, skipMessages } from "../registry/pull-progress.ts";
import { parseName } from "../registry/parse-name.ts";
import { startPull } from "../registry/pull-image.ts";

/**
 * Creates the container of `run` and `create`, pulling its image first when it is not there (or always, or never: `--pull`); progress and
 * warnings go to stderr. Writes `--cidfile`.
 * @returns its id. @throws the engine's error, or Error in docker's words.
 */
export async function createContainer(
  request: ContainerCreateRequest,
  { flags }: CommandOptions<ContainerFlags>,
  context: CommandContext,
): Promise<string> {
  const image = request.Image ?? "";
  const idFile = flags.cidfile === "" ? null : await claimIdFile(flags.cidfile, context);
  const client = await context.client();
  try {
    const create = (): ReturnType<typeof client.createContainer> =>
      client.createContainer(request, { name: flags.name, platform: flags.platform });
    // An image id is no reference, and cannot be pulled.
    const reference = isId(image) ? null : withDefaultTag(parseName(image));
    const pull = async (): Promise<void> => {
      if (!reference) return;
      const messages = await startPull(reference, { platform: flags.platform }, context);
      await (flags.quiet ? skipMessages(messages) : printMessages(messages, context.stderr));
    };
    if (flags.pull === "always") await pull();
    const created = await create().catch(async (error: unknown) => {
      const missing = error instanceof NotFoundError && /^(No such image|image with reference .* was found but)/i.test(error.message);
      if (!missing || !reference || flags.pull !== "missing") throw error;
      context.stderr.write(`Unable to find image '${familiarString(reference)}' locally\n`);
      await pull();
      return create();
    });
    for (const warning of created.Warnings ?? []) context.stderr.write(`WARNING: ${warning}\n`);
    await idFile?.write(created.Id);
    return created.Id;
  } catch (error) {
    await idFile?.abandon();
    throw error;
  }
}

function isId(image: string): boolean {
  return /^(sha256:)?[0-9a-f]{64}$/.test(image);
}

/** Makes the id file before the container, so that two runs cannot share one. */
async function claimIdFile(path: string, context: CommandContext): Promise<{ write(id: string): Promise<void>; abandon(): Promise<void> }> {
  context.ownProcess();
  const full = resolve(context.cwd, path);
  if (await exists(full)) {
    throw new Error(`container ID file found, make sure the other container isn't running or delete ${path}`);
  }
  const file = await open(full, "wx", 0o644).catch((cause: Error) => {
    throw new Error(`failed to create the container ID file: open ${path}: ${goErrno(cause)}`, { cause });
  });
  return {
    async write(id) {
      await file.writeFile(id);
      await file.close();
    },
    async abandon() {
      await file.close();
      await rm(full, { force: true });
    },
  };
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (hasErrno(error, "ENOENT") || hasErrno(error, "ENOTDIR")) return false;
    throw error;
  }
}
