import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { ContainerConfig, HostConfig } from "../../../docker/api/types.ts";
import type { NetworkAttachment } from "../../networks/networks.ts";

/** The files of a container that the engine writes, by path. */
export interface EtcFiles {
  readonly hosts: string;
  readonly hostname: string;
  readonly resolvConf: string;
}

/** Where they are below a container's folder. */
export function etcFiles(folder: string): EtcFiles {
  return { hosts: join(folder, "hosts"), hostname: join(folder, "hostname"), resolvConf: join(folder, "resolv.conf") };
}

/** /etc/hosts as Docker writes it. */
export function hostsText(config: ContainerConfig, hostConfig: HostConfig, attachment: NetworkAttachment): string {
  const lines = [
    "127.0.0.1\tlocalhost",
    "::1\tlocalhost ip6-localhost ip6-loopback",
    "fe00::0\tip6-localnet",
    "ff00::0\tip6-mcastprefix",
    "ff02::1\tip6-allnodes",
    "ff02::2\tip6-allrouters",
  ];
  for (const extra of hostConfig.ExtraHosts ?? []) {
    const [, name = "", address = ""] = /^([^:=]+)[:=](.*)$/.exec(extra) ?? [];
    lines.push(`${address === "host-gateway" ? gatewayOf(attachment) : address.replace(/^\[(.*)\]$/, "$1")}\t${name}`);
  }
  for (const { address, names } of attachment.hosts) lines.push(`${address}\t${names.join(" ")}`);
  const names = hostNames(config.Hostname ?? "", config.Domainname ?? "");
  for (const { IPAddress = "" } of Object.values(attachment.settings.Networks)) {
    if (IPAddress !== "" && names !== "") lines.push(`${IPAddress}\t${names}`);
  }
  return `${lines.join("\n")}\n`;
}

/** The full name, and the bare one when that is another: `web.example.org web`. */
function hostNames(hostname: string, domainname: string): string {
  const full = domainname === "" ? hostname : `${hostname}.${domainname}`;
  const [bare = ""] = full.split(".");
  return bare === full ? full : `${full} ${bare}`;
}

/** /etc/resolv.conf; the container's own servers count where the network has none of its own inside. */
export function resolvConfText(hostConfig: HostConfig, attachment: NetworkAttachment): string {
  const isEmbedded = attachment.nameservers.includes("127.0.0.11");
  const servers = hostConfig.Dns?.length && !isEmbedded ? hostConfig.Dns : attachment.nameservers;
  const search = (hostConfig.DnsSearch ?? []).filter((domain) => domain !== ".");
  const options = [...(hostConfig.DnsOptions ?? []), ...(isEmbedded ? ["ndots:0"] : [])];
  const lines = [
    ...servers.map((server) => `nameserver ${server}`),
    ...(search.length > 0 ? [`search ${search.join(" ")}`] : []),
    ...(options.length > 0 ? [`options ${options.join(" ")}`] : []),
  ];
  return lines.map((line) => `${line}\n`).join("");
}

/** Writes the three files. They are rewritten at every start, so nothing is synced. */
export async function writeEtcFiles(
  folder: string,
  config: ContainerConfig,
  hostConfig: HostConfig,
  attachment: NetworkAttachment,
): Promise<EtcFiles> {
  const files = etcFiles(folder);
  await mkdir(folder, { recursive: true });
  await Promise.all([
    writeFile(files.hosts, hostsText(config, hostConfig, attachment)),
    writeFile(files.hostname, `${config.Hostname ?? ""}\n`),
    writeFile(files.resolvConf, resolvConfText(hostConfig, attachment)),
  ]);
  return files;
}

function gatewayOf(attachment: NetworkAttachment): string {
  return Object.values(attachment.settings.Networks).find((endpoint) => endpoint.Gateway)?.Gateway ?? "127.0.0.1";
}
