import type { ApiMount } from "../../api/types.ts";
import { parseBytes } from "../flags/flags.ts";

const TRUE = ["true", "1", "t", "T", "TRUE", "True"];
const FALSE = ["false", "0", "f", "F", "FALSE", "False"];

/**
 * Reads `--mount type=bind,source=/a,target=/b,readonly`. A bind's source is used as it stands.
 * @throws Error in docker's words.
 */
export function parseMount(text: string): ApiMount {
  const mount: { Type: string; Source?: string; Target?: string; ReadOnly?: boolean } = { Type: "volume" };
  const bind: {
    Propagation?: string;
    CreateMountpoint?: boolean;
    NonRecursive?: boolean;
    ReadOnlyNonRecursive?: boolean;
    ReadOnlyForceRecursive?: boolean;
  } = {};
  const volume: {
    NoCopy?: boolean;
    Subpath?: string;
    Labels?: Record<string, string>;
    DriverConfig?: { Name?: string; Options?: Record<string, string> };
  } = {};
  const tmpfs: { SizeBytes?: number; Mode?: number } = {};
  for (const field of splitCsv(text)) {
    const at = field.indexOf("=");
    const key = (at < 0 ? field : field.slice(0, at)).toLowerCase().trim();
    const value = at < 0 ? undefined : field.slice(at + 1);
    if (value === undefined && !["readonly", "ro", "volume-nocopy", "bind-nonrecursive"].includes(key)) {
      throw new Error(`invalid field '${field}' must be a key=value pair`);
    }
    const text = value ?? "true";
    if (key === "type") mount.Type = text.toLowerCase();
    else if (key === "source" || key === "src") mount.Source = text;
    else if (key === "target" || key === "dst" || key === "destination") mount.Target = text;
    else if (key === "readonly" || key === "ro") mount.ReadOnly = switchOf(key, text);
    else if (key === "bind-propagation") bind.Propagation = text.toLowerCase();
    else if (key === "bind-create-src") bind.CreateMountpoint = switchOf(key, text);
    else if (key === "bind-nonrecursive") bind.NonRecursive = switchOf(key, text);
    else if (key === "bind-recursive") Object.assign(bind, recursionOf(text));
    else if (key === "consistency") continue;
    else if (key === "volume-nocopy") volume.NoCopy = switchOf(key, text);
    else if (key === "volume-subpath") volume.Subpath = text;
    else if (key === "volume-label") volume.Labels = { ...volume.Labels, ...pairOf(text) };
    else if (key === "volume-driver") volume.DriverConfig = { ...volume.DriverConfig, Name: text };
    else if (key === "volume-opt") {
      volume.DriverConfig = { ...volume.DriverConfig, Options: { ...volume.DriverConfig?.Options, ...pairOf(text) } };
    } else if (key === "tmpfs-size") tmpfs.SizeBytes = sizeOf(text);
    else if (key === "tmpfs-mode") tmpfs.Mode = modeOf(text);
    else throw new Error(`unexpected key '${key}' in '${field}'`);
  }
  if (mount.Type === "") throw new Error("type is required");
  if (mount.Target === undefined || mount.Target === "") throw new Error("target is required");
  const groups: readonly (readonly [string, string, object])[] = [
    ["VolumeOptions", "volume", volume],
    ["BindOptions", "bind", bind],
    ["TmpfsOptions", "tmpfs", tmpfs],
  ];
  for (const [, type, options] of groups) {
    if (Object.keys(options).length > 0 && mount.Type !== type) {
      throw new Error(`cannot mix '${type}-*' options with mount type '${mount.Type}'`);
    }
  }
  for (const [how, isAsked] of [
    ["writable", bind.ReadOnlyNonRecursive],
    ["readonly", bind.ReadOnlyForceRecursive],
  ] as const) {
    if (isAsked && !mount.ReadOnly) throw new Error(`option 'bind-recursive=${how}' requires 'readonly' to be specified in conjunction`);
  }
  if (bind.ReadOnlyForceRecursive && bind.Propagation !== "rprivate")
    throw new Error("option 'bind-recursive=readonly' requires 'bind-propagation=rprivate' to be specified in conjunction");
  const options = groups.filter(([, , values]) => Object.keys(values).length > 0).map(([name, , values]) => [name, values]);
  return { ...mount, ...Object.fromEntries(options) } as ApiMount;
}

function switchOf(key: string, text: string): boolean {
  if (TRUE.includes(text)) return true;
  if (FALSE.includes(text)) return false;
  throw new Error(`invalid value for ${key}: ${text}`);
}

const recursions: Readonly<Record<string, object>> = {
  enabled: {},
  disabled: { NonRecursive: true },
  writable: { ReadOnlyNonRecursive: true },
  readonly: { ReadOnlyForceRecursive: true },
};

/** What of `BindOptions` a value of `bind-recursive` stands for. */
function recursionOf(text: string): object {
  if (Object.hasOwn(recursions, text)) return recursions[text] ?? {};
  throw new Error(`invalid value for bind-recursive: ${text} (must be "enabled", "disabled", "writable", or "readonly")`);
}

function sizeOf(text: string): number {
  try {
    return parseBytes(text);
  } catch {
    throw new Error(`invalid value for tmpfs-size: ${text}`);
  }
}

function modeOf(text: string): number {
  if (!/^[0-7]+$/.test(text)) throw new Error(`invalid value for tmpfs-mode: ${text}`);
  return Number.parseInt(text, 8);
}

function pairOf(text: string): Record<string, string> {
  const at = text.indexOf("=");
  return at < 0 ? { [text]: "" } : { [text.slice(0, at)]: text.slice(at + 1) };
}

/** Fields between commas; one that holds a comma stands in double quotes. */
export function splitCsv(text: string): readonly string[] {
  return Array.from(text.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g), ([, quoted, plain]) =>
    quoted === undefined ? (plain ?? "") : quoted.replaceAll('""', '"'),
  );
}
