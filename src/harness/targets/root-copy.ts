import { rename } from "node:fs/promises";
import { execa } from "execa";
import { messageOf, NotFoundError } from "../../base/errors.ts";
import type { UnixClient } from "../../docker/client/unix-client.ts";
import { type FrozenRoot, TargetError } from "./target.ts";

/**
 * Makes `directory` what the frozen root's is: every file with its owners, modes, extended attributes and devices (a layer's whiteouts
 * are such), sharing blocks where the file system can. Links would not do: containers write into these files.
 * @param last nobody else needs it, so that it may be moved.
 */
export async function copyRoot(frozen: FrozenRoot, directory: string, last: boolean): Promise<void> {
  if (last) return await rename(frozen.directory, directory);
  const copy = ["cp", "-a", "--reflink=auto", "--", frozen.directory, directory];
  // What users of containers own belongs to the ids that newuidmap(1) gives an ordinary user.
  const [program = "cp", ...args] = process.getuid?.() === 0 ? copy : ["unshare", "--map-root-user", "--map-auto", ...copy];
  const { failed, stderr, shortMessage } = await execa(program, args, { reject: false, stdin: "ignore" });
  if (failed) throw new TargetError(`cannot copy the root that is needed: ${stderr.trim() || shortMessage}`);
}

/** The containers that run or are paused, in the order they were started; those of `--rm` go with their process. */
export async function aliveContainers(client: UnixClient): Promise<FrozenRoot["alive"]> {
  const containers = await Promise.all((await client.listContainers()).map(({ Id }) => client.inspectContainer(Id)));
  return containers
    .filter(({ HostConfig }) => HostConfig.AutoRemove !== true)
    .toSorted((a, b) => (a.State.StartedAt < b.State.StartedAt ? -1 : 1))
    .map(({ Id, State }) => ({ id: Id, paused: State.Paused }));
}

/** Starts them, in order. One that cannot be started any more is left as it is: what needs it will tell. */
export async function startAgain(client: UnixClient, alive: FrozenRoot["alive"]): Promise<void> {
  for (const { id, paused } of alive) {
    try {
      await client.startContainer(id);
      if (paused) await client.pauseContainer(id);
    } catch (error) {
      if (!(error instanceof NotFoundError)) throw new TargetError(`container ${id.slice(0, 12)}: ${messageOf(error)}`, { cause: error });
    }
  }
}
