import { type Attribute, bigEndian32, decodeAttributes, type NetlinkRequest, text } from "./message.ts";
import type { NetlinkSocket } from "./socket.ts";

/** linux/netfilter/nfnetlink.h, nf_tables.h, linux/netfilter.h, netfilter_ipv4.h */
export const NFTABLES = 10;
const message = (kind: number): number => (NFTABLES << 8) | kind;
const NFT_MSG = { newTable: message(0), newChain: message(3), getChain: message(4), newRule: message(6) } as const;
const TABLE = { name: 1, flags: 2 } as const;
const CHAIN = { table: 1, name: 3, hook: 4, policy: 5, type: 7 } as const;
const HOOK = { number: 1, priority: 2 } as const;
const RULE = { table: 1, chain: 2, expressions: 4 } as const;
const EXPRESSION = { name: 1, data: 2 } as const;
const LIST_ELEMENT = 1;
const OWNED = 2;
const CREATE = 0x400;
const APPEND = 0x800;
const DUMP = 0x300;
const FAMILY = { inet: 1, ipv4: 2 } as const;
const FORWARD = 2;
const AFTER_ROUTING = 4;
const SOURCE_NAT = 100;
const DROP = 0;

/**
 * A table whose one rule gives what leaves by the interface `out`, or what comes from the address `from`, the address of the interface that it
 * leaves by (nft: `masquerade`). It is the socket's own: nobody else may change it, and it goes when the socket is closed, however that comes
 * to be. To be sent as a batch to `NFTABLES`. Linux 5.12 and later.
 */
export function masqueradeTable(options: {
  readonly table: string;
  readonly match: { out: string } | { from: string };
}): readonly NetlinkRequest[] {
  const header = Buffer.from([FAMILY.ipv4, 0, 0, 0]);
  const table = text(options.table);
  const chain = text("postrouting");
  const hook = [
    { type: HOOK.number, value: bigEndian32(AFTER_ROUTING) },
    { type: HOOK.priority, value: bigEndian32(SOURCE_NAT) },
  ];
  return [
    {
      type: NFT_MSG.newTable,
      flags: CREATE,
      header,
      attributes: [
        { type: TABLE.name, value: table },
        { type: TABLE.flags, value: bigEndian32(OWNED) },
      ],
    },
    {
      type: NFT_MSG.newChain,
      flags: CREATE,
      header,
      attributes: [
        { type: CHAIN.table, value: table },
        { type: CHAIN.name, value: chain },
        { type: CHAIN.hook, value: hook },
        { type: CHAIN.type, value: text("nat") },
      ],
    },
    {
      type: NFT_MSG.newRule,
      flags: CREATE | APPEND,
      header,
      attributes: [
        { type: RULE.table, value: table },
        { type: RULE.chain, value: chain },
        { type: RULE.expressions, value: [...matching(options.match), expression("masq", [])] },
      ],
    },
  ];
}

/** Loads what is compared into a register, and compares. */
function matching(match: { out: string } | { from: string }): readonly Attribute[] {
  const REGISTER = 1;
  const META = { register: 1, key: 2, outInterface: 7 } as const;
  const PAYLOAD = { register: 1, base: 2, offset: 3, length: 4, networkHeader: 1, sourceAddress: 12 } as const;
  const COMPARE = { register: 1, operator: 2, data: 3, equal: 0 } as const;
  const DATA_VALUE = 1;
  const load =
    "out" in match
      ? expression("meta", [
          { type: META.register, value: bigEndian32(REGISTER) },
          { type: META.key, value: bigEndian32(META.outInterface) },
        ])
      : expression("payload", [
          { type: PAYLOAD.register, value: bigEndian32(REGISTER) },
          { type: PAYLOAD.base, value: bigEndian32(PAYLOAD.networkHeader) },
          { type: PAYLOAD.offset, value: bigEndian32(PAYLOAD.sourceAddress) },
          { type: PAYLOAD.length, value: bigEndian32(4) },
        ]);
  const IFNAMSIZ = 16;
  const value = "out" in match ? Buffer.from(match.out.padEnd(IFNAMSIZ, "\0")) : Buffer.from(match.from.split(".").map(Number));
  return [
    load,
    expression("cmp", [
      { type: COMPARE.register, value: bigEndian32(REGISTER) },
      { type: COMPARE.operator, value: bigEndian32(COMPARE.equal) },
      { type: COMPARE.data, value: [{ type: DATA_VALUE, value }] },
    ]),
  ];
}

function expression(name: string, data: readonly Attribute[]): Attribute {
  return {
    type: LIST_ELEMENT,
    value: [
      { type: EXPRESSION.name, value: text(name) },
      { type: EXPRESSION.data, value: data },
    ],
  };
}

/** The chain that drops what this side would forward unless a rule of its own lets it pass, as `table filter, chain FORWARD`; null when there is none. */
export function droppingForwardChain(netfilter: NetlinkSocket): string | null {
  const chains = netfilter.request("list the chains", {
    type: NFT_MSG.getChain,
    flags: DUMP,
    header: Buffer.from([0, 0, 0, 0]),
    attributes: [],
  });
  for (const { payload } of chains) {
    const [family] = payload;
    const attributes = decodeAttributes(payload.subarray(4));
    const hook = decodeAttributes(attributes.get(CHAIN.hook) ?? Buffer.alloc(0)).get(HOOK.number);
    if (family !== FAMILY.ipv4 && family !== FAMILY.inet) continue;
    if (hook?.readUInt32BE() !== FORWARD || attributes.get(CHAIN.policy)?.readUInt32BE() !== DROP) continue;
    const words = (type: number): string => (attributes.get(type)?.toString() ?? "").replace(/\0$/, "");
    return `table ${words(CHAIN.table)}, chain ${words(CHAIN.name)}`;
  }
  return null;
}
