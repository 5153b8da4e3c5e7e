import { posix } from "node:path";
import { InvalidArgumentError, NotImplementedError } from "../../../base/errors.ts";

/** One `--mount` of RUN. */
export interface RunMount {
  readonly type: "bind" | "cache" | "tmpfs" | "secret";
  /** Absolute. Empty for a secret that is a variable alone. */
  readonly target: string;
  /** In the context, or in what `from` names. */
  readonly source: string;
  /** A stage or an image; empty for the context (of a bind) or nothing (of a cache). */
  readonly from: string;
  readonly readonly: boolean;
  /** Of a cache or a secret. */
  readonly id: string;
  readonly sharing: "shared" | "private" | "locked";
  readonly required: boolean;
  /** The variable that a secret is given as; empty for none. */
  readonly env: string;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Of a tmpfs, in bytes; 0 for no limit. */
  readonly size: number;
}

const keys = {
  bind: ["target", "source", "from", "readonly"],
  cache: ["target", "source", "from", "readonly", "id", "sharing", "mode", "uid", "gid"],
  tmpfs: ["target", "size"],
  secret: ["target", "id", "required", "env", "mode", "uid", "gid"],
} as const;

const aliases: Readonly<Record<string, string>> = { dst: "target", destination: "target", src: "source", ro: "readonly" };

/**
 * Reads `type=cache,target=/x`; relative targets are below `workingDir`.
 * @throws InvalidArgumentError with BuildKit's texts; NotImplementedError for a type that there is not here.
 */
export function parseRunMount(text: string, workingDir: string): RunMount {
  const given = new Map<string, string>();
  for (const field of text.split(",")) {
    const at = field.indexOf("=");
    const name = (at < 0 ? field : field.slice(0, at)).toLowerCase();
    const value = at < 0 ? null : field.slice(at + 1);
    if (name === "rw" || name === "readwrite") given.set("readonly", isTrue(name, value) ? "false" : "true");
    else if (["readonly", "ro", "required"].includes(name)) given.set(aliases[name] ?? name, String(isTrue(name, value)));
    else if (value === null) throw new InvalidArgumentError(`invalid field '${field}' must be a key=value pair`);
    else given.set(aliases[name] ?? name, value);
  }
  const type = given.get("type") ?? "bind";
  given.delete("type");
  if (type === "ssh") throw new NotImplementedError("mounts of type ssh are not supported");
  if (!isType(type)) throw new InvalidArgumentError(`unsupported mount type ${JSON.stringify(type)}`);
  for (const key of given.keys()) {
    if (!(keys[type] as readonly string[]).includes(key))
      throw new InvalidArgumentError(`unexpected key '${key}' for mount type '${type}'`);
  }
  const get = (key: string): string => given.get(key) ?? "";
  if (type !== "secret" && get("target") === "") throw new InvalidArgumentError(`${type} mount target is required`);
  const secretId = get("id") || posix.basename(get("target"));
  if (type === "secret" && secretId === "") throw new InvalidArgumentError("invalid secret mount. one of source, target required");
  const target = get("target") || (type === "secret" && get("env") === "" ? `/run/secrets/${secretId}` : "");
  const absolute = target === "" ? "" : posix.resolve("/", workingDir, target);
  if (absolute === "/") throw new InvalidArgumentError('invalid mount target "/"');
  return {
    type,
    target: absolute,
    source: get("source"),
    from: get("from"),
    // A context is nobody's to change.
    readonly: get("readonly") === "" ? type === "bind" : get("readonly") === "true",
    id: type === "secret" ? secretId : get("id") || absolute,
    sharing: sharingOf(get("sharing")),
    required: get("required") === "true",
    env: get("env"),
    mode: get("mode") === "" ? (type === "secret" ? 0o400 : 0o755) : octal(get("mode")),
    uid: whole("uid", get("uid")),
    gid: whole("gid", get("gid")),
    size: sizeOf(get("size")),
  };
}

function isType(type: string): type is RunMount["type"] {
  return Object.hasOwn(keys, type);
}

function isTrue(name: string, value: string | null): boolean {
  if (value === null || ["1", "t", "true"].includes(value.toLowerCase())) return true;
  if (["0", "f", "false"].includes(value.toLowerCase())) return false;
  throw new InvalidArgumentError(`invalid value for ${name}: ${value}`);
}

function sharingOf(text: string): RunMount["sharing"] {
  if (text === "") return "shared";
  if (text === "shared" || text === "private" || text === "locked") return text;
  throw new InvalidArgumentError(`unsupported sharing value ${JSON.stringify(text)}`);
}

function octal(text: string): number {
  if (!/^[0-7]{1,5}$/.test(text)) throw new InvalidArgumentError(`invalid value ${text} for mode`);
  return Number.parseInt(text, 8);
}

function whole(name: string, text: string): number {
  if (!/^\d{0,9}$/.test(text)) throw new InvalidArgumentError(`invalid value ${text} for ${name}`);
  return Number(text);
}

function sizeOf(text: string): number {
  const [, count = "", unit = ""] = /^(\d{1,12})([kmgt]?)b?$/i.exec(text) ?? [];
  if (text === "") return 0;
  if (count === "") throw new InvalidArgumentError(`invalid value for size: ${text}`);
  return Number(count) * 1024 ** " kmgt".indexOf(unit.toLowerCase() || " ");
}
