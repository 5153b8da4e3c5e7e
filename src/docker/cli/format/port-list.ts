import type { PortSummary } from "../../api/types.ts";

/** `0.0.0.0:8000-8001->80-81/tcp, 443/tcp`: the ports of a container, neighbours as ranges (docker's DisplayablePorts). */
export function portList(ports: readonly PortSummary[]): string {
  const sorted = ports.toSorted(order);
  const shown: string[] = [];
  const groups = new Map<string, { first: number; last: number }>();
  const single: string[] = [];
  for (const { IP = "", PrivatePort, PublicPort = 0, Type } of sorted) {
    let key = Type as string;
    if (IP !== "") {
      if (PublicPort !== PrivatePort) {
        single.push(`${IP}:${PublicPort}->${PrivatePort}/${Type}`);
        continue;
      }
      key = `${IP}/${Type}`;
    }
    const group = groups.get(key);
    if (group && PrivatePort === group.last + 1) group.last = PrivatePort;
    else {
      if (group) shown.push(groupText(key, group.first, group.last));
      groups.set(key, { first: PrivatePort, last: PrivatePort });
    }
  }
  for (const [key, { first, last }] of groups) shown.push(groupText(key, first, last));
  return [...shown, ...single].join(", ");
}

function groupText(key: string, first: number, last: number): string {
  const range = first === last ? String(first) : `${first}-${last}`;
  const slash = key.lastIndexOf("/");
  if (slash < 0) return `${range}/${key}`;
  return `${key.slice(0, slash)}:${range}->${range}/${key.slice(slash + 1)}`;
}

function order(a: PortSummary, b: PortSummary): number {
  if (a.PrivatePort !== b.PrivatePort) return a.PrivatePort - b.PrivatePort;
  if (a.IP !== b.IP) return (a.IP ?? "") < (b.IP ?? "") ? -1 : 1;
  if (a.PublicPort !== b.PublicPort) return (a.PublicPort ?? 0) - (b.PublicPort ?? 0);
  return a.Type < b.Type ? -1 : 1;
}
