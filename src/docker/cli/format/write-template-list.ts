import { messageOf } from "../../../base/errors.ts";
import { StatusError } from "../cli-errors.ts";
import type { CommandContext } from "../command.ts";
import type { TemplateFunction } from "../template/call-function.ts";
import { GoMap, GoSlice, GoStruct, type GoValue } from "../template/go-value.ts";
import { compileTemplate } from "../template/template.ts";
import { alignTabs } from "./tab-writer.ts";
import type { Listing } from "./write-list.ts";

/** In the line of headers these leave their argument alone, so that `{{upper .Names}}` still has a heading. */
const HEADER_FUNCTIONS: ReadonlyMap<string, TemplateFunction> = new Map(
  ["json", "title", "lower", "upper", "truncate", "split", "join"].map((name) => [
    name,
    { takes: ["any"], variadic: true, call: ([value]) => value },
  ]),
);

/** Prints a line for every item by a template; `table …` puts headings above and aligns at tabs. */
export function writeTemplateList<Item>(
  stdout: CommandContext["stdout"],
  listing: Listing<Item>,
  items: readonly Item[],
  format: string,
): void {
  const table = format.startsWith("table");
  const source = sourceOf(table ? format.slice("table".length) : format);
  const template = explained(PARSING, () => compileTemplate(source));
  const lines = items.map((item) => `${explained(PARSING, () => template.execute(structOf(listing, item)))}\n`).join("");
  if (!table) {
    stdout.write(lines);
    return;
  }
  const heading = items.length === 0 || lines !== "" ? headingOf(listing, source) : "";
  stdout.write(alignTabs(`${heading}\n${lines}`));
}

/** Prints what lists of several kinds have, all by one template: `{{range .Images}}…`. @throws StatusError in docker's words when it is wrong. */
export function printTemplate(type: string, lists: ReadonlyMap<string, readonly GoStruct[]>, format: string): string {
  const fields = [...lists].map(([name, items]): [string, GoValue] => [name, new GoSlice("[]interface {}", items)]);
  const template = explained(PARSING, () => compileTemplate(sourceOf(format)));
  try {
    return template.execute(new GoStruct(type, new Map(fields), { pointer: true }));
  } catch (error) {
    throw new StatusError(messageOf(error));
  }
}

/** As people write it on a command line: blanks around it do not count, and there are escapes. */
function sourceOf(format: string): string {
  return format
    .replaceAll(/^ +| +$/g, "")
    .replaceAll("\\t", "\t")
    .replaceAll("\\n", "\n");
}

/**
 * Which fields a format asks for, found by trying it on `blank` as docker does before it asks the engine.
 * @throws StatusError when that already fails.
 */
export function fieldsUsed<Item>(listing: Listing<Item>, blank: Item, format: string): ReadonlySet<string> {
  const used = new Set<string>();
  const fields = Object.fromEntries(
    Object.entries(listing.fields).map(([name, field]) => [name, { ...field, value: (item: Item) => (used.add(name), field.value(item)) }]),
  );
  const template = explained("failed to parse template", () => compileTemplate(format));
  explained("failed to execute template", () => template.execute(structOf({ ...listing, fields }, blank)));
  return used;
}

function headingOf<Item>(listing: Listing<Item>, source: string): string {
  const headers = Object.entries(listing.fields).map(([name, { header }]): [string, GoValue] => [name, header]);
  const template = compileTemplate(source, HEADER_FUNCTIONS);
  const label = (name: GoValue): GoValue => name;
  return explained(PARSING, () =>
    listing.methods === undefined
      ? template.execute(new GoMap("map[string]string", new Map(headers)))
      : template.execute(new GoStruct("formatter.SubHeaderContext", new Map(headers), { methods: { Label: label } })),
  );
}

/** An item as templates see it. */
export function structOf<Item>(listing: Listing<Item>, item: Item): GoStruct {
  const entries = Object.entries(listing.fields);
  // Docker's fields are methods that are called when used, so that asking for one costs nothing for the others.
  const methods = Object.fromEntries(entries.map(([name, field]) => [name, () => field.value(item)]));
  const source = {
    toJSON: () =>
      Object.fromEntries(
        entries
          .filter(([, field]) => field.hidden !== true)
          .toSorted(([a], [b]) => (a < b ? -1 : 1))
          .map(([name, field]) => [name, field.value(item)]),
      ),
  };
  return new GoStruct(listing.type, new Map(), { pointer: true, source, methods: { ...methods, ...listing.methods?.(item) } });
}

const PARSING = "template parsing error";

function explained<T>(what: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw new StatusError(`${what}: ${messageOf(error)}`);
  }
}
