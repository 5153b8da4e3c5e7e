import { InternalError } from "../../../base/errors.ts";

/** Whom a process runs as. */
export interface ExecUser {
  readonly uid: number;
  readonly gid: number;
  readonly additionalGids: readonly number[];
  readonly home: string;
}

const maxId = 2 ** 31 - 1;

/**
 * Looks `USER[:GROUP]` up as runc does: names or numbers, in the image's own passwd and group files; a number needs no entry.
 * @throws InternalError with Docker's `unable to find user x: no matching entries in passwd file`.
 */
export function lookUpUser(user: string, files: { readonly passwd: string; readonly group: string }): ExecUser {
  const [userPart, groupPart] = splitAtColon(user);
  const accounts = parseFile(files.passwd).map(([name = "", , uid, gid, , home = ""]) => ({
    name,
    uid: Number(uid),
    gid: Number(gid),
    home,
  }));
  const groups = parseFile(files.group).map(([name = "", , gid, members = ""]) => ({
    name,
    gid: Number(gid),
    members: members.split(","),
  }));
  const wanted = userPart === "" ? "0" : userPart;
  const account =
    accounts.find(({ name }) => name === wanted) ?? (isNumber(wanted) ? accounts.find(({ uid }) => uid === Number(wanted)) : undefined);
  if (!account && !isNumber(wanted)) throw new InternalError(`unable to find user ${wanted}: no matching entries in passwd file`);
  const uid = checkRange(account?.uid ?? Number(wanted));
  if (groupPart !== "") {
    const gid = groupId(groupPart, groups);
    return { uid, gid, additionalGids: [gid], home: account?.home || "/" };
  }
  const gid = checkRange(account?.gid ?? 0);
  const memberOf = account ? groups.filter(({ members }) => members.includes(account.name)).map((group) => group.gid) : [];
  // The main group stands among the others too, so that a program that changes its group does not lose it (CVE-2022-36109).
  return { uid, gid, additionalGids: [...new Set([gid, ...memberOf])], home: account?.home || "/" };
}

/** The ids of `--group-add`. @throws InternalError for a name that the group file does not have. */
export function lookUpGroups(names: readonly string[], groupFile: string): readonly number[] {
  const groups = parseFile(groupFile).map(([name = "", , gid]) => ({ name, gid: Number(gid) }));
  return names.map((name) => {
    const group = groups.find((entry) => entry.name === name);
    if (!group && !isNumber(name)) throw new InternalError(`Unable to find group ${name}: no matching entries in group file`);
    return checkRange(group?.gid ?? Number(name));
  });
}

function groupId(text: string, groups: readonly { readonly name: string; readonly gid: number }[]): number {
  const group = groups.find(({ name }) => name === text);
  if (!group && !isNumber(text)) throw new InternalError(`unable to find group ${text}: no matching entries in group file`);
  return checkRange(group?.gid ?? Number(text));
}

function checkRange(id: number): number {
  if (!Number.isInteger(id) || id < 0 || id > maxId) throw new InternalError(`uids and gids must be in range 0-${maxId}`);
  return id;
}

function parseFile(text: string): readonly (readonly string[])[] {
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => line.split(":"));
}

/** What stands behind a second colon counts for nothing, as in runc. */
function splitAtColon(text: string): readonly [string, string] {
  const at = text.indexOf(":");
  return at < 0
    ? [text, ""]
    : [
        text.slice(0, at),
        text
          .slice(at + 1)
          .split(":", 1)
          .join(""),
      ];
}

function isNumber(text: string): boolean {
  return /^-?\d+$/.test(text);
}
