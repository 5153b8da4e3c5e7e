import type { RegistryAuth } from "../api/engine.ts";
import { readConfigFile } from "./config-file.ts";

/** The user's login for a registry from docker's `config.json`; null without one. */
export function registryAuth(folder: string, domain: string): RegistryAuth | null {
  const { auths = {} } = readConfigFile(folder);
  const entry = auths[domain === "docker.io" ? "https://index.docker.io/v1/" : domain];
  if (!entry) return null;
  if (entry.identitytoken !== undefined) return { identitytoken: entry.identitytoken };
  const text = Buffer.from(entry.auth ?? "", "base64").toString();
  const colon = text.indexOf(":");
  return colon < 0 ? null : { username: text.slice(0, colon), password: text.slice(colon + 1) };
}
