import { InvalidArgumentError } from "../../base/errors.ts";

/** What no file system could hold is the archive's mistake; a full disk is not. */
const impossibleNames: Readonly<Record<string, string>> = {
  ENAMETOOLONG: "file name too long",
  ENOTDIR: "not a directory",
  EISDIR: "is a directory",
  ELOOP: "too many levels of symbolic links",
  EINVAL: "invalid argument",
  ENOENT: "no such file or directory",
  EFBIG: "file too large",
};

/** What is to be thrown for an error in unpacking the entry of this name. */
export function impossible(error: unknown, name: string): unknown {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const why = impossibleNames[code];
  return why === undefined ? error : new InvalidArgumentError(`cannot unpack ${JSON.stringify(name)}: ${why}`, { cause: error });
}
