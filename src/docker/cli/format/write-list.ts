import type { GoMethod, GoValue } from "../template/go-value.ts";
import type { CommandContext } from "../command.ts";
import { alignTabs } from "./tab-writer.ts";

/** One thing that lists can show of an item: `{{.Names}}`. */
export interface Field<Item> {
  readonly header: string;
  value(item: Item): string | boolean | number;
  /** Not among what `{{json .}}` prints. */
  readonly hidden?: true;
}

/** How a kind of thing is listed. */
export interface Listing<Item> {
  /** The type's name in errors about fields that are not there, `formatter.ContainerContext`. */
  readonly type: string;
  readonly fields: Readonly<Record<string, Field<Item>>>;
  /** Methods with arguments, `{{.Label "x"}}`. */
  readonly methods?: (item: Item) => Readonly<Record<string, GoMethod>>;
  /** What those print in the line of headers. */
  readonly methodHeader?: string;
  /** The table shown when no format was asked for. */
  readonly columns: readonly string[];
  /** What `--format raw` stands for. */
  readonly raw?: string;
  /** The same with `-q`. */
  readonly rawQuiet?: string;
  /** The one field that `-q` prints. */
  readonly quiet: string;
}

/** `--format` and `-q` of a list command. */
export interface ListOptions {
  readonly format: string;
  readonly quiet: boolean;
}

/**
 * Prints items as docker's list commands do: a table by default, `table TEMPLATE` with headers, `json`, `raw`, or a template a line.
 * @throws StatusError in docker's words when the template is wrong.
 */
export async function writeList<Item>(
  stdout: CommandContext["stdout"],
  listing: Listing<Item>,
  items: readonly Item[],
  { format, quiet }: ListOptions,
): Promise<void> {
  if (quiet && (format === "" || format === "table")) {
    stdout.write(items.map((item) => `${shown(listing, item, listing.quiet)}\n`).join(""));
    return;
  }
  if (format === "" || format === "table") {
    const headers = listing.columns.map((name) => listing.fields[name]?.header ?? name);
    const rows = items.map((item) => listing.columns.map((name) => shown(listing, item, name)));
    stdout.write(alignTabs([headers, ...rows].map((cells) => `${cells.join("\t")}\n`).join("")));
    return;
  }
  // Templates take a while to load, and most lists are plain tables.
  const { writeTemplateList } = await import("./write-template-list.ts");
  const raw = quiet ? listing.rawQuiet : listing.raw;
  const template = format === "raw" && raw !== undefined ? raw : format === "json" ? "{{json .}}" : format;
  writeTemplateList(stdout, listing, items, template);
}

function shown<Item>(listing: Listing<Item>, item: Item, name: string): string {
  return String(listing.fields[name]?.value(item) satisfies GoValue);
}
