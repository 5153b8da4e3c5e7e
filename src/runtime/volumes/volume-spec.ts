import { isAbsolute, posix } from "node:path";
import { InvalidArgumentError } from "../../base/errors.ts";

export const propagations: readonly string[] = ["private", "rprivate", "slave", "rslave", "shared", "rshared"];
const readWrite = ["rw", "ro"];
const labels = ["z", "Z"];

/** What `-v` says, parsed and checked; `source` is a host path for `bind`, a name or empty (anonymous) for `volume`. */
export interface VolumeSpec {
  readonly type: "bind" | "volume";
  readonly source: string;
  readonly destination: string;
  /** As inspect's `Mode`. */
  readonly mode: string;
  readonly readonly: boolean;
  /** Of binds; empty for others. */
  readonly propagation: string;
  /** A volume that is filled with what the image has at the destination, while it is empty. */
  readonly copyUp: boolean;
}

/**
 * Parses an element of `HostConfig.Binds`: `/host:/path`, `name:/path`, `/path`, each but the last with an optional `:mode`,
 * a list such as `ro,z,rslave`. Relative host paths are taken for volume names, as Docker does.
 * @throws InvalidArgumentError with Docker's texts.
 */
export function parseBind(text: string): VolumeSpec {
  const parts = text.split(":");
  if (parts.length > 3 || parts.length === 0 || parts[0] === "") throw new InvalidArgumentError(`invalid volume specification: '${text}'`);
  const [first = "", second, mode = ""] = parts;
  const source = second === undefined ? "" : first;
  const destination = second ?? first;
  const type = isAbsolute(source) ? "bind" : "volume";
  const options = parseMode(mode);
  try {
    checkDestination(destination);
    if (type === "bind" && options.noCopy) throw new Error("field VolumeOptions must not be specified");
    if (type === "volume" && options.propagation !== "") throw new Error("field BindOptions must not be specified");
  } catch (error) {
    throw new InvalidArgumentError(
      `invalid volume specification: '${text}': invalid mount config for type "${type}": ${(error as Error).message}`,
    );
  }
  const propagation = type === "bind" ? options.propagation || "rprivate" : "";
  return {
    type,
    source: type === "bind" ? cleanPath(source) : source,
    destination: cleanPath(destination),
    // As dockerd, which relabels volumes wherever SELinux is on.
    mode: type === "volume" && source !== "" ? mode || "z" : mode,
    readonly: options.readonly,
    propagation,
    copyUp: type === "volume" && !options.noCopy,
  };
}

/**
 * The modes of `-v` and `--volumes-from`: each kind at most once.
 * @throws InvalidArgumentError `invalid mode: …`
 */
export function parseMode(mode: string): { readonly readonly: boolean; readonly propagation: string; readonly noCopy: boolean } {
  let readonly = false;
  let propagation = "";
  let noCopy = false;
  const seen = new Set<string>();
  const once = (kind: string): void => {
    if (seen.has(kind)) throw new InvalidArgumentError(`invalid mode: ${mode}`);
    seen.add(kind);
  };
  for (const option of mode === "" ? [] : mode.split(",")) {
    if (readWrite.includes(option)) {
      once("access");
      readonly = option === "ro";
    } else if (labels.includes(option)) {
      once("label");
    } else if (propagations.includes(option)) {
      once("propagation");
      propagation = option;
    } else if (option === "nocopy") {
      once("copy");
      noCopy = true;
    } else if (["consistent", "cached", "delegated"].includes(option)) {
      once("consistency");
    } else {
      throw new InvalidArgumentError(`invalid mode: ${mode}`);
    }
  }
  return { readonly, propagation, noCopy };
}

/** @throws Error with the text that Docker puts behind what it was checking. */
export function checkDestination(destination: string): void {
  if (destination === "") throw new Error("field Target must not be empty");
  if (!isAbsolute(destination)) throw new Error(`invalid mount path: '${destination}' mount path must be absolute`);
  if (cleanPath(destination) === "/") throw new Error("invalid specification: destination can't be '/'");
}

/** Without `.`, `..`, doubled and trailing slashes. */
export function cleanPath(path: string): string {
  const clean = posix.normalize(path);
  return clean.length > 1 && clean.endsWith("/") ? clean.slice(0, -1) : clean;
}
