import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { messageOf, UnavailableError } from "../../base/errors.ts";
import { encodeBatch } from "../kernel/netlink/message.ts";
import { droppingForwardChain, masqueradeTable, NFTABLES } from "../kernel/netlink/nftables.ts";
import { routedSubnets } from "../kernel/netlink/routes.ts";
import { NETLINK, NetlinkSocket } from "../kernel/netlink/socket.ts";
import { findProgram } from "./id-mappings.ts";

/** By what an engine's network reaches what the host reaches: a pair of interfaces and a rule of nftables, or a program that stands for it on the host. */
export const WAYS_OUT = ["nftables", "slirp4netns", "pasta"] as const;
export type WayOut = (typeof WAYS_OUT)[number];

/** What the keeper is to do (way-out.pl). */
export interface WayOutPlan {
  readonly kind: WayOut | "none";
  /** The program's path; empty for nftables and none. */
  readonly program: string;
  /** What the engine is told when a program is up: its name, the interface, the engine's address there, the gateway's. Of none why it is none. */
  readonly facts: string;
  /** The address by which the program reaches the host's resolvers. */
  readonly resolver: string;
  /** For nftables, places to try one after another, a line each: the name of the host's interface, its address, the engine's, the rule as a batch in hexadecimal. */
  readonly candidates: string;
  /** What /etc/resolv.conf is to hold in the engine's world; null: what it holds on the host. */
  readonly resolvConf: string | null;
}

const NOTHING = { program: "", facts: "", resolver: "", candidates: "", resolvConf: null } as const;

/** slirp4netns(1) has these addresses by default; pasta takes ours, of a link, which no host routes to. */
const PROGRAMS = {
  slirp4netns: { facts: "slirp4netns tap0 10.0.2.100/24 10.0.2.2", resolver: "10.0.2.3" },
  pasta: { facts: "pasta uplink 169.254.77.2/24 169.254.77.1", resolver: "169.254.77.3" },
} as const;

/**
 * Chooses the way out: for root nftables, where the host forwards already and its firewall lets through, so that nothing of the host is changed for long;
 * else slirp4netns or pasta, whichever is installed. When `wanted` names one it is that.
 * @throws UnavailableError when the one named cannot be had, saying why.
 */
export function planWayOut(wanted: WayOut | true): WayOutPlan {
  const reasons: string[] = [];
  for (const kind of wanted === true ? WAYS_OUT : [wanted]) {
    const plan = kind === "nftables" ? planNftables(wanted === kind) : planProgram(kind);
    if (typeof plan !== "string") return plan;
    reasons.push(`${kind}: ${plan}`);
  }
  const facts = reasons.join("; ");
  if (wanted !== true) throw new UnavailableError(`no way out by ${facts}`);
  return { ...NOTHING, kind: "none", facts };
}

/** Or why not. */
function planProgram(kind: "slirp4netns" | "pasta"): WayOutPlan | string {
  const program = findProgram(kind);
  if (program === null) return "not installed";
  if (kind === "pasta" && process.geteuid?.() === 0)
    return "not for root, whose rights it gives up before it joins the engine's namespaces";
  const { facts, resolver } = PROGRAMS[kind];
  return { ...NOTHING, kind, program, facts, resolver, resolvConf: `nameserver ${resolver}\n` };
}

/** Or why not. `insisted`: also where the host does not forward yet (from then on it does, as dockerd has it) or its firewall drops some of it. */
function planNftables(insisted: boolean): WayOutPlan | string {
  if (process.geteuid?.() !== 0) return "for root only";
  try {
    using netfilter = new NetlinkSocket(NETLINK.netfilter);
    if (!insisted) {
      if (readFileSync("/proc/sys/net/ipv4/ip_forward", "utf8").trim() !== "1") return "the host does not forward (net.ipv4.ip_forward)";
      const chain = droppingForwardChain(netfilter) ?? legacyDroppingChain();
      if (chain !== null) return `the host's firewall drops what it would forward (${chain})`;
    }
    // Whether this kernel can and we may; it goes with the socket.
    netfilter.batch("nf_tables", NFTABLES, ...masqueradeTable({ table: `slipway-try-${process.pid}`, match: { from: "0.0.0.0" } }));
    using route = new NetlinkSocket();
    const candidates = transitSubnets(routedSubnets(route), Math.random).map(candidate).join("\n");
    return { ...NOTHING, kind: "nftables", candidates, resolvConf: reachableResolvers() };
  } catch (error) {
    return messageOf(error);
  }
}

/** With the tables of before nftables, whose chains netlink does not list. */
function legacyDroppingChain(): string | null {
  const tables = "/proc/net/ip_tables_names";
  if (!existsSync(tables) || !readFileSync(tables, "utf8").split("\n").includes("filter")) return null;
  const program = findProgram("iptables-legacy") ?? findProgram("iptables");
  if (program === null) return null;
  const { stdout } = spawnSync(program, ["-S", "FORWARD"], { encoding: "utf8" });
  return /^-P FORWARD DROP$/m.test(stdout) ? "iptables, chain FORWARD" : null;
}

/** Where engines' own ends are looked for; private by RFC 1918. */
const POOLS = [
  [10, 213],
  [10, 87],
  [172, 30],
  [192, 168],
] as const;
const CANDIDATES = 8;

/**
 * Subnets of four addresses that overlap with none of `taken`: chance picks, for other engines pick at the same time. Empty when all is taken.
 * @param random as Math.random.
 */
export function transitSubnets(
  taken: readonly { readonly address: string; readonly prefixLength: number }[],
  random: () => number,
): readonly string[] {
  const number = (address: string): number => address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
  const ranges = taken.map(({ address, prefixLength }) => ({ first: number(address), end: number(address) + 2 ** (32 - prefixLength) }));
  const found: string[] = [];
  for (const [a, b] of POOLS) {
    for (let tries = 0; tries < 64 && found.length < CANDIDATES; tries++) {
      const base = (a * 256 + b) * 65536 + Math.floor(random() * 16384) * 4;
      const address = [24, 16, 8, 0].map((shift) => Math.floor(base / 2 ** shift) % 256).join(".");
      if (ranges.some(({ first, end }) => first < base + 4 && base < end) || found.includes(address)) continue;
      found.push(address);
    }
  }
  return found;
}

/** A line for the keeper. The interface's name is the subnet's: who makes it has it, for there are no two of a name. */
function candidate(subnet: string): string {
  const [a, b, c, d = 0] = subnet.split(".").map(Number);
  const at = (offset: number): string => [a, b, c, d + offset].join(".");
  const name = `slip${[a, b, c, d].map((part) => (part ?? 0).toString(16).padStart(2, "0")).join("")}`;
  const batch = encodeBatch(NFTABLES, masqueradeTable({ table: `slipway-${name}`, match: { from: at(2) } }), 1);
  return [name, at(1), at(2), batch.toString("hex")].join(" ");
}

/** Resolvers on the host's loopback are not the engine's: systemd-resolved's own are behind it, else it is Docker's default. */
function reachableResolvers(): string | null {
  const reachable = (file: string): string | null => {
    try {
      const text = readFileSync(file, "utf8");
      return [...text.matchAll(/^\s*nameserver\s+(\S+)/gm)].some(([, server = ""]) => !/^127\.|^::1$/.test(server)) ? text : null;
    } catch {
      return null;
    }
  };
  if (reachable("/etc/resolv.conf") !== null) return null;
  return reachable("/run/systemd/resolve/resolv.conf") ?? "nameserver 8.8.8.8\nnameserver 8.8.4.4\n";
}
