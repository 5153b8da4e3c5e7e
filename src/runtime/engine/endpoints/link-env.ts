import { keyOf } from "../config/environment.ts";

/** What a linked container gives to the variables of the one that links to it. */
export interface LinkedContainer {
  /** The link's name, which starts its variables. */
  readonly alias: string;
  /** Of the container that links: `/web`. */
  readonly parent: string;
  readonly address: string;
  /** `80/tcp`, of all that it exposes or publishes. */
  readonly ports: readonly string[];
  readonly env: readonly string[];
}

interface Port {
  readonly number: number;
  readonly protocol: string;
}

/** The variables that a legacy link brings, in Docker's order: `DB_PORT`, three or more ports in a row, each port, `DB_NAME`, `DB_ENV_…`. */
export function linkVariables(link: LinkedContainer): readonly string[] {
  const prefix = link.alias.toUpperCase().replaceAll("-", "_");
  const ports = link.ports.map(parsePort).toSorted(inOrder);
  const url = ({ number, protocol }: Port): string => `${protocol}://${link.address}:${number}`;
  const keyOfPort = ({ number, protocol }: Port): string => `${prefix}_PORT_${number}_${protocol.toUpperCase()}`;
  const [first] = ports;
  const rows = runsOf(ports).flatMap((run) => {
    const [from, to] = [run[0], run.at(-1)];
    if (run.length < 3 || !from || !to) return [];
    const key = keyOfPort(from);
    return [
      `${key}_START=${url(from)}`,
      `${key}_ADDR=${link.address}`,
      `${key}_PROTO=${from.protocol}`,
      `${key}_PORT_START=${from.number}`,
      `${key}_END=${url(to)}`,
      `${key}_PORT_END=${to.number}`,
    ];
  });
  const each = ports.flatMap((port) => {
    const key = keyOfPort(port);
    return [`${key}=${url(port)}`, `${key}_ADDR=${link.address}`, `${key}_PORT=${port.number}`, `${key}_PROTO=${port.protocol}`];
  });
  const env = link.env.filter((variable) => variable.includes("=") && !["HOME", "PATH"].includes(keyOf(variable)));
  return [
    ...(first ? [`${prefix}_PORT=${url(first)}`] : []),
    ...rows,
    ...each,
    `${prefix}_NAME=${link.parent}/${link.alias}`,
    ...env.map((variable) => `${prefix}_ENV_${variable}`),
  ];
}

function parsePort(text: string): Port {
  const [number = "", protocol = "tcp"] = text.split("/");
  return { number: Number(number), protocol };
}

/** By number; of two with the same, tcp is first. */
function inOrder(a: Port, b: Port): number {
  return a.number - b.number || Number(b.protocol === "tcp") - Number(a.protocol === "tcp");
}

/** Ports whose numbers follow one another. */
function runsOf(ports: readonly Port[]): readonly (readonly Port[])[] {
  const runs: Port[][] = [];
  for (const port of ports) {
    const last = runs.at(-1);
    if (last && port.number - (last.at(-1)?.number ?? 0) <= 1) last.push(port);
    else runs.push([port]);
  }
  return runs;
}
