import { isIPv4 } from "node:net";

/** An IPv4 subnet: its first address as a number, and the length of its prefix. */
export interface Subnet {
  readonly base: number;
  readonly prefixLength: number;
}

/** Parses `172.17.0.0/16`; host bits are dropped. Null when it is none. */
export function parseSubnet(text: string): Subnet | null {
  const match = /^([\d.]+)\/(\d{1,2})$/.exec(text);
  const prefixLength = Number(match?.[2]);
  if (match?.[1] === undefined || !isIPv4(match[1]) || prefixLength > 32) return null;
  return { base: Math.floor(toNumber(match[1]) / sizeOf(prefixLength)) * sizeOf(prefixLength), prefixLength };
}

export function formatSubnet(subnet: Subnet): string {
  return `${toAddress(subnet.base)}/${subnet.prefixLength}`;
}

/** How many addresses a subnet has. */
export function sizeOf(prefixLength: number): number {
  return 2 ** (32 - prefixLength);
}

export function contains(subnet: Subnet, address: string): boolean {
  const offset = toNumber(address) - subnet.base;
  return offset >= 0 && offset < sizeOf(subnet.prefixLength);
}

export function overlap(a: Subnet, b: Subnet): boolean {
  return a.base < b.base + sizeOf(b.prefixLength) && b.base < a.base + sizeOf(a.prefixLength);
}

export function toNumber(address: string): number {
  return address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
}

export function toAddress(number: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256).join(".");
}

/** The MAC address that Docker gives to an interface with this address: `02:42:ac:11:00:02`. */
export function macOf(address: string): string {
  return ["02", "42", ...address.split(".").map((part) => Number(part).toString(16).padStart(2, "0"))].join(":");
}
