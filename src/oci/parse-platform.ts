import { InvalidArgumentError } from "../base/errors.ts";
import { hostArchitecture } from "./architecture.ts";
import type { Platform } from "./platform.ts";

const systems = new Set(
  "aix android darwin dragonfly freebsd hurd illumos ios js linux nacl netbsd openbsd plan9 solaris windows zos".split(" "),
);
const architectures = new Set(
  "386 amd64 arm arm64 loong64 mips mipsle mips64 mips64le ppc64 ppc64le riscv riscv64 s390 s390x sparc sparc64 wasm".split(" "),
);

/** Other names of architectures; some say a variant with it. */
const aliases: Readonly<Record<string, readonly [architecture: string, variant?: string]>> = {
  i386: ["386"],
  x86_64: ["amd64"],
  "x86-64": ["amd64"],
  aarch64: ["arm64"],
  armhf: ["arm", "v7"],
  armel: ["arm", "v6"],
};

const component = "^[A-Za-z0-9_-]+$";

/**
 * Parses `--platform`: `linux/arm64/v8`, `linux`, `arm64`; empty for this machine's (containerd's `platforms.Parse`).
 * @throws InvalidArgumentError in its words
 */
export function parsePlatform(text: string): Platform {
  if (text === "") return { os: "linux", architecture: hostArchitecture() };
  const quoted = JSON.stringify(text);
  if (text.includes("*")) throw new InvalidArgumentError(`${quoted}: wildcards not yet supported: invalid argument`);
  const parts = text.split("/");
  for (const part of parts) {
    if (new RegExp(component).test(part)) continue;
    const rule = `platform specifier component must match ${JSON.stringify(component)}`;
    throw new InvalidArgumentError(`${JSON.stringify(part)} is an invalid component of ${quoted}: ${rule}: invalid argument`);
  }
  if (parts.length > 3) throw new InvalidArgumentError(`${quoted}: cannot parse platform specifier: invalid argument`);
  const [first = "", second, third] = parts.map((part) => part.toLowerCase());
  if (second !== undefined) return platformOf(systemOf(first), second, third);
  if (systems.has(systemOf(first))) return platformOf(systemOf(first), hostArchitecture());
  if (architectures.has(canonicalArchitecture(first))) return platformOf("linux", first);
  throw new InvalidArgumentError(`${quoted}: unknown operating system or architecture: invalid argument`);
}

/** `amd64` for `x86_64`. */
export function canonicalArchitecture(name: string): string {
  return (aliases[name] ?? [name])[0];
}

function platformOf(os: string, name: string, given?: string): Platform {
  const [architecture, implied] = aliases[name] ?? [name];
  let variant = given ?? implied ?? "";
  if ((architecture === "arm" || architecture === "arm64") && /^\d$/.test(variant)) variant = `v${variant}`;
  // What these are anyhow is not said, unless it was.
  if (architecture === "amd64" && variant === "v1") variant = "";
  if (architecture === "arm" && variant === "v7" && given === undefined) variant = "";
  return { os, architecture, ...(variant !== "" && { variant }) };
}

function systemOf(name: string): string {
  return name === "macos" ? "darwin" : name;
}
