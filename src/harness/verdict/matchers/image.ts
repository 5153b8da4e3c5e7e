import type { ImageHistoryItem } from "../../../docker/api/types.ts";
import { familiarString, parseReference, withDefaultTag } from "../../../oci/reference.ts";
import type { ImageFacts as Observed } from "../../run/observe/observation.ts";
import type {
  History,
  HistoryEntry,
  Image,
  ImageFacts as Expected,
  NumberMatcher,
  TextMatcher,
} from "../../scenario/scenario.generated.ts";
import { matchCommand } from "./command.ts";
import { jsonFields } from "./json.ts";
import { combine, field, type Field, type Mismatch } from "./mismatch.ts";
import { environmentOf, matchNamedTexts } from "./named-texts.ts";
import { matchNumber } from "./number.ts";
import { matchText } from "./text.ts";
import { asRationale, say, type Said } from "../../plan/sayings.ts";

/** Holds an image (null: there is none of that name) against what is expected of it. */
export function matchImage(ref: string, expected: Image, observed: Observed | null): Mismatch | null {
  const facts: Expected = typeof expected === "object" ? expected : { exists: expected === "present" };
  if (facts.exists === false) {
    return observed === null ? null : { ...asRationale(say("there is an image {0}", ref)), expected: "absent", actual: "present" };
  }
  if (observed === null) return { ...asRationale(say("there is no image {0}", ref)), expected: "present", actual: "absent" };
  return combine([...configFields(facts, observed), ...identityFields(facts, observed), ...historyFields(facts.history, observed.history)]);
}

function configFields(expected: Expected, { inspect }: Observed): readonly Field[] {
  const { Config: config } = inspect;
  const fields: Field[] = [];
  const text = (name: Said, matcher: TextMatcher | undefined, actual: string | undefined): void => {
    if (matcher !== undefined) fields.push({ name, mismatch: matchText(name, matcher, actual ?? "") });
  };
  text(say("author"), expected.author, inspect.Author);
  text(say("comment"), expected.comment, inspect.Comment);
  text(say("working directory"), expected.workdir, config.WorkingDir);
  text(say("user"), expected.user, config.User);
  text(say("stop signal"), expected.stopSignal, config.StopSignal);
  if (expected.cmd !== undefined) fields.push(matchCommand(say("command"), expected.cmd, config.Cmd));
  if (expected.entrypoint !== undefined) fields.push(matchCommand(say("entrypoint"), expected.entrypoint, config.Entrypoint));
  fields.push(...matchNamedTexts("variable {0}", expected.env, environmentOf(config.Env)));
  fields.push(...matchNamedTexts("label {0}", expected.labels, new Map(Object.entries(config.Labels ?? {}))));
  for (const port of expected.exposedPorts ?? []) {
    const key = String(port).includes("/") ? String(port) : `${port}/tcp`;
    fields.push(field(say("exposed port {0}", key), "exposed", "not exposed", config.ExposedPorts?.[key] !== undefined));
  }
  for (const path of expected.volumes ?? []) {
    fields.push(field(say("volume {0}", path), "declared", "not declared", config.Volumes?.[path] !== undefined));
  }
  return fields;
}

function identityFields(expected: Expected, observed: Observed): readonly Field[] {
  const { inspect, others } = observed;
  const fields: Field[] = [];
  const layers = inspect.RootFS.Layers;
  const number = (name: Said, matcher: NumberMatcher | undefined, actual: number): void => {
    if (matcher !== undefined) fields.push({ name, mismatch: matchNumber(name, matcher, actual) });
  };
  number(say("number of layers"), expected.layers, layers.length);
  number(say("size"), expected.size, inspect.Size);
  if (expected.tags !== undefined) {
    const wanted = expected.tags.map((tag) => familiarString(withDefaultTag(parseReference(tag))));
    fields.push(field(say("tags"), wanted.toSorted().join(", "), inspect.RepoTags.toSorted().join(", ")));
  }
  const { sameAs, basedOn, parent, commitOf } = expected;
  if (parent !== undefined) {
    const id = others[parent]?.Id;
    const wanted = id === undefined ? `${parent}, which is absent` : `${parent} (${id})`;
    fields.push(field(say("parent"), wanted, inspect.Parent || "none", id === inspect.Parent && id !== undefined));
  }
  if (commitOf !== undefined) fields.push(commitField(commitOf, observed));
  fields.push(...jsonFields(say("the image"), expected.inspect, inspect, matchText));
  if (sameAs !== undefined) {
    const other = others[sameAs];
    fields.push(field(say("same image as {0}", sameAs), other?.Id ?? `${sameAs}, which is absent`, inspect.Id));
  }
  if (basedOn !== undefined) {
    const below = others[basedOn]?.RootFS.Layers;
    const isBased = below !== undefined && below.every((layer, index) => layer === layers[index]);
    const why = below === undefined ? say("there is no image {0}", basedOn) : say("it is not based on {0}", basedOn);
    const mismatch = { ...asRationale(why), expected: (below ?? [basedOn]).join("\n"), actual: layers.join("\n") };
    fields.push({ name: say("layers"), mismatch: isBased ? null : mismatch });
  }
  return fields;
}

/** An engine's event of a commit names both the container and the image that it made. */
function commitField(container: string, { inspect, commits }: Observed): Field {
  const made = commits.filter((one) => one.imageId === inspect.Id).map((one) => one.container);
  const isOne = commits.some((one) => one.imageId === inspect.Id && (one.container === container || one.containerId.startsWith(container)));
  return field(say("container it is a commit of"), container, made.length === 0 ? "none" : made.join(", "), isOne);
}

function historyFields(expected: History | undefined, actual: readonly ImageHistoryItem[]): readonly Field[] {
  if (expected === undefined) return [];
  const { count, contains = [], excludes = [] } = Array.isArray(expected) ? { contains: expected } : expected;
  const fields: Field[] = [];
  if (count !== undefined)
    fields.push({ name: say("number of history entries"), mismatch: matchNumber(say("number of history entries"), count, actual.length) });
  const shown = actual.map(showItem).join("\n");
  let from = 0;
  for (const entry of contains) {
    const at = actual.findIndex((item, index) => index >= from && isEntry(entry, item));
    if (at < 0) {
      fields.push(
        historyField(
          say(from > 0 ? "history has no entry {0} below those before" : "history has no entry {0}", showEntry(entry)),
          contains.map(showEntry).join("\n"),
          shown,
        ),
      );
      break;
    }
    from = at + 1;
  }
  for (const entry of excludes) {
    if (actual.some((item) => isEntry(entry, item)))
      fields.push(historyField(say("history has an entry {0}", showEntry(entry)), `no ${showEntry(entry)}`, shown));
  }
  return fields;
}

function historyField(why: Said, expected: string, actual: string): Field {
  return { name: say("history"), mismatch: { ...asRationale(why), expected, actual } };
}

function isEntry(expected: HistoryEntry, item: ImageHistoryItem): boolean {
  if (typeof expected === "string") return item.CreatedBy.includes(expected);
  const { createdBy, comment, size } = expected;
  return (
    (createdBy === undefined || matchText(say("it"), createdBy, item.CreatedBy) === null) &&
    (comment === undefined || matchText(say("it"), comment, item.Comment) === null) &&
    (size === undefined || matchNumber(say("it"), size, item.Size) === null)
  );
}

function showEntry(entry: HistoryEntry): string {
  return JSON.stringify(entry);
}

function showItem({ CreatedBy, Comment, Size }: ImageHistoryItem): string {
  return [CreatedBy === "" ? "(no command)" : CreatedBy, `${Size} B`, ...(Comment === "" ? [] : [`# ${Comment}`])].join("  ");
}
