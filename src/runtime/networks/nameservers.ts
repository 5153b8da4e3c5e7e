import { readFileSync } from "node:fs";
import { RESOLVER } from "./dns-responder.ts";
import type { Sandbox } from "./sandbox.ts";

/** Docker's own resolver on user-defined networks; elsewhere those of the host that a container could reach. */
export function nameservers(sandbox: Sandbox): readonly string[] {
  if (sandbox.dns !== null) return [RESOLVER];
  let text = "";
  try {
    text = readFileSync("/etc/resolv.conf", "utf8");
  } catch {
    // A host without: Docker's default below.
  }
  const servers = [...text.matchAll(/^\s*nameserver\s+(\S+)/gm)].flatMap(([, server = ""]) =>
    /^127\.|^::1$/.test(server) ? [] : [server],
  );
  return servers.length > 0 ? servers : ["8.8.8.8", "8.8.4.4"];
}
