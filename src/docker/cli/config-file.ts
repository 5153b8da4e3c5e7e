import { mkdirSync, readFileSync } from "node:fs";
import { hasErrno, messageOf } from "../../base/errors.ts";
import { StatusError } from "./cli-errors.ts";

/** What of docker's `config.json` is used here. */
export interface ConfigFile {
  readonly auths?: Readonly<Record<string, { readonly auth?: string; readonly email?: string; readonly identitytoken?: string }>>;
  /** The helper that keeps passwords, `docker-credential-NAME`; `credHelpers` has one for a registry. */
  readonly credsStore?: string;
  readonly credHelpers?: Readonly<Record<string, string>>;
  readonly detachKeys?: string;
  readonly psFormat?: string;
  readonly imagesFormat?: string;
  readonly networksFormat?: string;
  readonly volumesFormat?: string;
  readonly [other: string]: unknown;
}

/** Reads `config.json` in `folder`; an empty one when it is not there, or `folder` is "". @throws StatusError when it is no JSON. */
export function readConfigFile(folder: string): ConfigFile {
  if (folder === "") return {};
  const path = `${folder}/config.json`;
  try {
    return JSON.parse(readFileSync(path, "utf8")) as ConfigFile;
  } catch (error) {
    if (hasErrno(error, "ENOENT") || hasErrno(error, "EACCES") || hasErrno(error, "ENOTDIR")) return {};
    throw new StatusError(`WARNING: Error loading config file: ${path}: ${messageOf(error)}`);
  }
}

/** A format that the user set for a list command; empty for none. */
export function configuredFormat(folder: string, key: "psFormat" | "imagesFormat" | "networksFormat" | "volumesFormat"): string {
  return readConfigFile(folder)[key] ?? "";
}

/** Replaces `config.json` in `folder`, readable by its owner alone, for it holds passwords. */
export async function writeConfigFile(folder: string, config: ConfigFile): Promise<void> {
  // Few commands write: the others do without what this needs.
  const { writeFileAtomic } = await import("../../base/atomic-file.ts");
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  await writeFileAtomic(`${folder}/config.json`, JSON.stringify(config, null, "\t"), 0o600);
}
