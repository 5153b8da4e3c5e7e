import { isAlias, isMap, isPair, isSeq, type Document } from "yaml";

const MAX_LEVELS = 50;
/** Maps, lists, keys and values together; each alias counts as all that it stands for. */
const MAX_NODES = 10_000;

/** A file has more than a reader takes; `offset` is the place in its text that goes too far. */
export class YamlLimitError extends Error {
  readonly offset: number;
  constructor(offset: number, message: string) {
    super(message);
    this.offset = offset;
  }
}

const TOO_DEEP = `is nested too deeply; at most ${MAX_LEVELS} levels are read`;
const TOO_MUCH = `has more than ${MAX_NODES} keys and values`;

/**
 * The parser recurses, and quadratically so for brackets: keeps it from text that is only there to exhaust it.
 * @throws YamlLimitError
 */
export function refuseDeepFlow(text: string): void {
  const deep = /(?:[[{]\s*){60}/.exec(text) ?? /(?:^|\s)(?:[-?]\s){60}/.exec(text);
  if (deep !== null) throw new YamlLimitError(deep.index + deep[0].trimEnd().length - 1, TOO_DEEP);
}

interface Size {
  readonly nodes: number;
  readonly levels: number;
}

/**
 * Refuses a document of more than 50 levels or 10,000 keys and values when its aliases are resolved: some lines of them may stand for billions.
 * @throws YamlLimitError at the node or alias that goes too far, or at an alias of what it stands in.
 */
export function refuseTooMuch({ contents }: Document.Parsed): void {
  const sizes = new Map<string, Size | "open">();
  let total = 0;
  let last = 0;
  const measure = (node: unknown, level: number): Size => {
    if (isPair(node)) {
      const [key, value] = [measure(node.key, level), measure(node.value, level)];
      return { nodes: key.nodes + value.nodes, levels: Math.max(key.levels, value.levels) };
    }
    const { range, anchor } = (node ?? {}) as { range?: readonly number[] | null; anchor?: string };
    last = range?.[0] ?? last;
    if (isAlias(node)) {
      const size = sizes.get(node.source) ?? { nodes: 1, levels: 0 };
      if (size === "open") throw new YamlLimitError(last, `the alias *${node.source} stands within what it stands for`);
      const stands = `the alias *${node.source} stands for ${size.nodes} keys and values`;
      if ((total += size.nodes) > MAX_NODES) throw new YamlLimitError(last, `${TOO_MUCH}: ${stands}`);
      if (level + size.levels > MAX_LEVELS) throw new YamlLimitError(last, TOO_DEEP);
      return size;
    }
    if (++total > MAX_NODES) throw new YamlLimitError(last, TOO_MUCH);
    if (anchor !== undefined) sizes.set(anchor, "open");
    let [nodes, levels] = [1, 0];
    if (isMap(node) || isSeq(node)) {
      if (level >= MAX_LEVELS) throw new YamlLimitError(last, TOO_DEEP);
      for (const item of node.items as readonly unknown[]) {
        const size = measure(item, level + 1);
        nodes += size.nodes;
        levels = Math.max(levels, size.levels);
      }
      levels += 1;
    }
    if (anchor !== undefined) sizes.set(anchor, { nodes, levels });
    return { nodes, levels };
  };
  measure(contents, 0);
}
