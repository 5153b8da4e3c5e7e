import type { Scene } from "./engine.ts";

/** States of <net/tcp_states.h>: a listening tcp socket; a udp socket that is connected to nobody. */
const WAITING = { tcp: "0A", udp: "07" } as const;
/** 127.0.0.11, where an engine answers for its own networks' names inside a container: not the container's doing. */
const ENGINE_DNS = "0B00007F";

/**
 * The ports that sockets of the process's network namespace listen at, `80/tcp`, by the kernel's tables (proc_net(5)).
 * @throws Error when they cannot be read.
 */
export async function listeningPorts(scene: Scene, pid: number): Promise<readonly string[]> {
  const ports = new Set<string>();
  for (const protocol of ["tcp", "udp"] as const) {
    const tables = [protocol, `${protocol}6`].map((name) => `/proc/${pid}/net/${name}`);
    // Without IPv6 its table is not there.
    const text = await scene.output(["/bin/sh", "-c", 'cat "$0" && if [ -e "$1" ]; then cat "$1"; fi', ...tables]);
    if (text === null) throw new Error(`cannot read what process ${pid} listens at`);
    for (const port of portsIn(text, protocol)) ports.add(port);
  }
  return [...ports];
}

function portsIn(table: string, protocol: "tcp" | "udp"): readonly string[] {
  return table.split("\n").flatMap((line) => {
    const [, address, port, state] = /^\s*\d+: ([0-9A-F]+):([0-9A-F]{4}) [0-9A-F]+:[0-9A-F]{4} ([0-9A-F]{2}) /.exec(line) ?? [];
    if (port === undefined || state !== WAITING[protocol] || address === ENGINE_DNS) return [];
    return [`${Number.parseInt(port, 16)}/${protocol}`];
  });
}
