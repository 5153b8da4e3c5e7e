import {
  Alias,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  parseAllDocuments,
  visit,
  isPair,
  type Document,
  type ErrorCode,
  type Node,
  type Scalar,
  type YAMLError,
  type YAMLMap,
} from "yaml";
import { messageOf } from "../../base/errors.ts";
import { excerptOf } from "./excerpt.ts";
import { ScenarioError, type Problem } from "./scenario-error.ts";
import { refuseDeepFlow, refuseTooMuch, YamlLimitError } from "./yaml-limits.ts";

/** Keys and indices from the top of a scenario to a place in it. */
export type SourcePath = readonly (string | number)[];

/** A scenario's text, parsed: its value, and where in the text each part of it stands. */
export interface Source {
  readonly file: string;
  readonly value: unknown;
  /** What YAML reads as something else than its author can have meant; told together with what a schema has to say. */
  readonly doubtful?: readonly Problem[];
  /** The place of what `path` leads to, or of the nearest thing above it that is there; `of: "key"` is the place of its key. */
  locate(path: SourcePath, of?: "key" | "value"): { readonly file: string; readonly line: number; readonly column: number };
  problem(path: SourcePath, message: string, of?: "key" | "value"): Problem;
}

const MAX_BYTES = 1024 * 1024;

/**
 * Parses YAML 1.2 as an author writes it and refuses what nobody means: more than 1 MiB, 50 levels or 10,000 values, no UTF-8, aliases that multiply,
 * duplicate keys, merge keys, tags, `__proto__`, several documents.
 * @throws ScenarioError with every problem found.
 */
export function parseSource(file: string, bytes: Uint8Array): Source {
  const fail = (message: string, cause?: unknown): ScenarioError =>
    new ScenarioError([{ file, line: 1, column: 1, path: "", message }], { cause });
  if (bytes.length > MAX_BYTES) throw fail(`is ${bytes.length} bytes long; at most ${MAX_BYTES} are read`);
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (error) {
    throw fail("is not UTF-8 text", error);
  }
  const lines = new LineCounter();
  const source = new YamlSource(file, text, lines);
  try {
    refuseDeepFlow(text);
    // Whether keys are unique the parser would ask of each pair of them; below each is looked up.
    const documents = parseAllDocuments(text, { lineCounter: lines, version: "1.2", merge: false, uniqueKeys: false, prettyErrors: false });
    if (!("length" in documents) || documents.length === 0) throw fail("is empty");
    const [document] = documents as Document.Parsed[];
    if (document === undefined) throw fail("is empty");
    const problems = documents
      .flatMap((one) => [...one.errors, ...one.warnings])
      .map((error) => source.at(error.pos[0], yamlMessage(error)));
    if (problems.length === 0 && documents.length > 1) {
      problems.push(source.at(documents[1]?.contents?.range?.[0] ?? 0, "a scenario file holds one document, not several"));
    }
    if (problems.some(({ message }) => /call stack/.test(message))) throw new RangeError("nested too deeply");
    // What follows the first few is most often only their echo.
    if (problems.length > 0) throw new ScenarioError(problems.slice(0, 10));
    refuseTooMuch(document);
    source.document = document;
    const { refused, doubtful } = refusedNodes(document, source);
    source.doubtful = doubtful;
    if (refused.length > 0) throw new ScenarioError(refused);
    source.value = document.toJS({ maxAliasCount: -1 });
  } catch (error) {
    if (error instanceof ScenarioError) throw error;
    // Refused before the parser read it, the text has no lines yet.
    if (lines.lineStarts.length === 0) for (const { index } of text.matchAll(/^/gm)) lines.addNewLine(index);
    if (error instanceof YamlLimitError) throw new ScenarioError([source.at(error.offset, error.message)], { cause: error });
    if (error instanceof RangeError) throw fail("is nested too deeply", error);
    throw fail(`cannot be read as YAML: ${messageOf(error)}`, error);
  }
  return source;
}

/** What an author most often did, where the parser speaks of its own terms alone. */
const YAML_HINTS: Readonly<Partial<Record<ErrorCode, string>>> = {
  MULTILINE_IMPLICIT_KEY: "is a key such as run: missing before this text?",
  BLOCK_AS_IMPLICIT_KEY: "a text with ': ' in it must stand in quotes, or below a | on the key's line",
  UNEXPECTED_TOKEN:
    "a text that begins with a quote ends with it: put all of it in quotes of the other kind, or below a | on the key's line",
  BAD_SCALAR_START: "a text that begins with % @ or a backtick must stand in quotes",
  BAD_ALIAS: "a text that begins with * or & must stand in quotes",
  TAB_AS_INDENT: "YAML is indented by spaces",
};

function yamlMessage({ code, message }: YAMLError): string {
  const hint = YAML_HINTS[code];
  return hint === undefined ? message : `${message}: ${hint}`;
}

class YamlSource implements Source {
  readonly file: string;
  readonly #lines: LineCounter;
  readonly #text: readonly string[];
  document: Document.Parsed | null = null;
  value: unknown = undefined;
  doubtful: readonly Problem[] = [];

  constructor(file: string, text: string, lines: LineCounter) {
    this.file = file;
    this.#text = text.split(/\r?\n/);
    this.#lines = lines;
  }

  at(offset: number, message: string, path = ""): Problem {
    const { line, col } = this.#lines.linePos(offset);
    const place = { file: this.file, line: Math.max(line, 1), column: Math.max(col, 1), path, message };
    const written = this.#text[place.line - 1];
    return written === undefined ? place : { ...place, excerpt: excerptOf(written, place.line, place.column) };
  }

  locate(path: SourcePath, of: "key" | "value" = "value"): { readonly file: string; readonly line: number; readonly column: number } {
    const { file, line, column } = this.at(this.#offset(path, of), "");
    return { file, line, column };
  }

  problem(path: SourcePath, message: string, of: "key" | "value" = "value"): Problem {
    return this.at(this.#offset(path, of), message, path.join("/"));
  }

  #offset(path: SourcePath, of: "key" | "value"): number {
    let node: unknown = this.document?.contents;
    let offset = startOf(node) ?? 0;
    for (const [depth, part] of path.entries()) {
      if (isAlias(node) && this.document !== null) node = node.resolve(this.document);
      let next: unknown;
      if (isSeq(node)) next = node.items[Number(part)];
      if (isMap(node)) {
        const pair = node.items.find(({ key }) => String(isScalar(key) ? key.value : key) === String(part));
        next = pair?.value;
        const keyStart = startOf(pair?.key);
        const isLast = depth === path.length - 1;
        if (keyStart !== null && (next === null || startOf(next) === null || (isLast && of === "key"))) return keyStart;
      }
      const start = startOf(next);
      if (start === null) break;
      offset = start;
      node = next;
    }
    return offset;
  }
}

function startOf(node: unknown): number | null {
  return (node as Node | null | undefined)?.range?.[0] ?? null;
}

function refuseSameKeys({ items }: YAMLMap, refuse: (node: Node, message: string) => void, lineOf: (node: Node) => number): void {
  const known = new Map<unknown, Node>();
  for (const { key } of items) {
    if (!isScalar(key)) continue;
    const first = known.get(key.value);
    if (first === undefined) known.set(key.value, key);
    else refuse(key, `the key ${JSON.stringify(key.value)} is there already, in line ${lineOf(first)}`);
  }
}

/** Below these keys a number or truth value becomes a text. */
const TEXTS = new Set<unknown>(["env", "vars", "matrix"]);

/** What is given to programs, and C's strings end at a NUL. Contents of files, input and what is expected may hold one. */
const WORDS = new Set<unknown>(["run", "env", "vars", "matrix", "cwd", "user", "path", "name", "title", "tags", "images"]);

/** Whether a number or truth value as a text is another than what is written: 1.10 would be 1.1, and 0644 be 644. */
function changesAsText({ value, source }: Scalar): boolean {
  return (typeof value === "number" || typeof value === "boolean") && source !== undefined && source !== String(value);
}

/** What YAML allows and a scenario does not. */
function refusedNodes(
  document: Document.Parsed,
  source: YamlSource,
): { readonly refused: readonly Problem[]; readonly doubtful: readonly Problem[] } {
  const problems: Problem[] = [];
  const doubtful: Problem[] = [];
  const refuse = (node: Node, message: string): void => {
    problems.push(source.at(node.range?.[0] ?? 0, message));
  };
  const anchors = new Set<string>();
  visit(document, {
    Node: (_, node, parents) => {
      if (isAlias(node)) {
        if (!anchors.has(node.source))
          refuse(node, `there is no anchor &${node.source} above; a text that begins with * must stand in quotes`);
      } else if (node.anchor !== undefined) anchors.add(node.anchor);
      if (isMap(node)) refuseSameKeys(node, refuse, (one) => source.at(one.range?.[0] ?? 0, "").line);
      if (
        !(node instanceof Alias) &&
        node.tag !== undefined &&
        !/^tag:yaml\.org,2002:(?:str|int|float|bool|null|map|seq)$/.test(node.tag)
      ) {
        refuse(node, `the tag ${node.tag} has no meaning here`);
      }
      const isBelow = (keys: ReadonlySet<unknown>): boolean =>
        parents.some((parent) => isPair(parent) && isScalar(parent.key) && keys.has(parent.key.value));
      if (isScalar(node) && String(node.value).includes("\0") && isBelow(WORDS)) refuse(node, "a text for a program cannot hold a NUL");
      if (isScalar(node) && changesAsText(node) && isBelow(TEXTS)) {
        doubtful.push(source.at(node.range?.[0] ?? 0, `${node.source} is read as ${String(node.value)}: put it in quotes`));
      }
    },
    Pair: (_, { key }) => {
      if (!isScalar(key)) {
        if (key !== null) refuse(key as Node, "a key must be a plain word; a text that begins with { or [ must stand in quotes");
        return;
      }
      if (key.value === "__proto__") refuse(key, "the key __proto__ is not allowed");
      if (key.value === "<<") refuse(key, "merge keys (<<) are not supported");
    },
  });
  return { refused: problems, doubtful };
}
