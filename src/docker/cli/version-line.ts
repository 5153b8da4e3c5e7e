import { readFileSync } from "node:fs";

/** Slipway's own version, from its package.json, which is as far above the sources as above the built files. */
export function slipwayVersion(): string {
  const text = readFileSync(new URL("../../../package.json", import.meta.url), "utf8");
  return (JSON.parse(text) as { version: string }).version;
}

/** What `docker --version` prints. */
export function versionLine(): string {
  return `Docker version ${slipwayVersion()}, build slipway`;
}
