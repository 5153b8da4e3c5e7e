import { readFile } from "node:fs/promises";
import { InternalError } from "../../../base/errors.ts";
import type { ContainerRecord } from "../../containers/container.ts";
import { resolveInRootfs } from "./scoped-path.ts";
import { lookUpGroups, lookUpUser, type ExecUser } from "./users.ts";

/** A file of some hundred thousand accounts; it is read whole. */
const MOST_BYTES = 16 * 1024 * 1024;

/** Looks a user up in the container's own passwd and group files, and adds the groups of `--group-add`. */
export async function userOf(record: ContainerRecord, rootfs: string, user: string): Promise<ExecUser> {
  const group = await readIn(rootfs, "/etc/group");
  const found = await userIn(rootfs, user);
  const more = lookUpGroups(record.hostConfig.GroupAdd ?? [], group);
  return { ...found, additionalGids: [...new Set([...found.additionalGids, ...more])] };
}

/** Looks `USER[:GROUP]` up in a file system's passwd and group files. */
export async function userIn(rootfs: string, user: string): Promise<ExecUser> {
  const [passwd, group] = await Promise.all([readIn(rootfs, "/etc/passwd"), readIn(rootfs, "/etc/group")]);
  return lookUpUser(user, { passwd, group });
}

/** Empty when the file is not there. @throws InternalError when it is larger than accounts are, since a container may make it so. */
async function readIn(rootfs: string, path: string): Promise<string> {
  const { path: real, stat } = await resolveInRootfs(rootfs, path);
  if (!stat?.isFile()) return "";
  if (stat.size > MOST_BYTES) throw new InternalError(`${path} is larger than ${MOST_BYTES} bytes`);
  return await readFile(real, "utf8");
}
