import type { ImageHistoryItem } from "../../../docker/api/types.ts";
import { familiarString, parseReference, withDefaultTag } from "../../../oci/reference.ts";
import type { ImageFacts as Observed } from "../../run/observe/observation.ts";
import type { History, HistoryEntry, Image, ImageFacts as Expected } from "../../scenario/scenario.generated.ts";
import type { SourcePath } from "../../scenario/source.ts";
import { matchCommand } from "./command.ts";
import { jsonFields } from "./json.ts";
import { combine, field, itemWhere, type Field, type Mismatch } from "./mismatch.ts";
import { environmentOf, matchNamedTexts } from "./named-texts.ts";
import { matchNumber } from "./number.ts";
import { matchText } from "./text.ts";
import { asRationale, say, type Said } from "../../plan/sayings.ts";

/** Holds an image (null: there is none of that name) against what is expected of it. */
export function matchImage(ref: string, expected: Image, observed: Observed | null): Mismatch | null {
  const facts: Expected = typeof expected === "object" ? expected : { exists: expected === "present" };
  if (facts.exists === false) {
    return observed === null
      ? null
      : {
          ...asRationale(say("there is an image {0}", ref)),
          expected: "absent",
          actual: "present",
          at: typeof expected === "object" ? ["exists"] : [],
        };
  }
  if (observed === null) return { ...asRationale(say("there is no image {0}", ref)), expected: "present", actual: "absent" };
  return combine([...configFields(facts, observed), ...identityFields(facts, observed), ...historyFields(facts.history, observed.history)]);
}

function configFields(expected: Expected, { inspect }: Observed): readonly Field[] {
  const { Config: config } = inspect;
  const fields: Field[] = [];
  const text = (key: "author" | "comment" | "workdir" | "user" | "stopSignal", name: Said, actual: string | undefined): void => {
    const matcher = expected[key];
    if (matcher !== undefined) fields.push({ at: [key], name, mismatch: matchText(name, matcher, actual ?? "") });
  };
  text("author", say("author"), inspect.Author);
  text("comment", say("comment"), inspect.Comment);
  text("workdir", say("working directory"), config.WorkingDir);
  text("user", say("user"), config.User);
  text("stopSignal", say("stop signal"), config.StopSignal);
  if (expected.cmd !== undefined) fields.push(matchCommand("cmd", say("command"), expected.cmd, config.Cmd));
  if (expected.entrypoint !== undefined) fields.push(matchCommand("entrypoint", say("entrypoint"), expected.entrypoint, config.Entrypoint));
  fields.push(...matchNamedTexts("env", "variable {0}", expected.env, environmentOf(config.Env)));
  fields.push(...matchNamedTexts("labels", "label {0}", expected.labels, new Map(Object.entries(config.Labels ?? {}))));
  for (const [index, port] of (expected.exposedPorts ?? []).entries()) {
    const key = String(port).includes("/") ? String(port) : `${port}/tcp`;
    fields.push(
      field(["exposedPorts", index], say("exposed port {0}", key), "exposed", "not exposed", config.ExposedPorts?.[key] !== undefined),
    );
  }
  for (const [index, path] of (expected.volumes ?? []).entries()) {
    fields.push(field(["volumes", index], say("volume {0}", path), "declared", "not declared", config.Volumes?.[path] !== undefined));
  }
  return fields;
}

function identityFields(expected: Expected, observed: Observed): readonly Field[] {
  const { inspect, others } = observed;
  const fields: Field[] = [];
  const layers = inspect.RootFS.Layers;
  const number = (key: "layers" | "size", name: Said, actual: number): void => {
    const matcher = expected[key];
    if (matcher !== undefined) fields.push({ at: [key], name, mismatch: matchNumber(name, matcher, actual) });
  };
  number("layers", say("number of layers"), layers.length);
  number("size", say("size"), inspect.Size);
  if (expected.tags !== undefined) {
    const wanted = expected.tags.map((tag) => familiarString(withDefaultTag(parseReference(tag))));
    const at = ["tags", ...itemWhere(wanted, (tag) => !inspect.RepoTags.includes(tag))];
    fields.push(field(at, say("tags"), wanted.toSorted().join(", "), inspect.RepoTags.toSorted().join(", ")));
  }
  const { sameAs, basedOn, parent, commitOf } = expected;
  if (parent !== undefined) {
    const id = others[parent]?.Id;
    const wanted = id === undefined ? `${parent}, which is absent` : `${parent} (${id})`;
    fields.push(field(["parent"], say("parent"), wanted, inspect.Parent || "none", id === inspect.Parent && id !== undefined));
  }
  if (commitOf !== undefined) fields.push(commitField(commitOf, observed));
  fields.push(...jsonFields(["inspect"], say("the image"), expected.inspect, inspect, matchText));
  if (sameAs !== undefined) {
    const other = others[sameAs];
    fields.push(field(["sameAs"], say("same image as {0}", sameAs), other?.Id ?? `${sameAs}, which is absent`, inspect.Id));
  }
  if (basedOn !== undefined) {
    const below = others[basedOn]?.RootFS.Layers;
    const isBased = below !== undefined && below.every((layer, index) => layer === layers[index]);
    const why = below === undefined ? say("there is no image {0}", basedOn) : say("it is not based on {0}", basedOn);
    const mismatch = { ...asRationale(why), expected: (below ?? [basedOn]).join("\n"), actual: layers.join("\n") };
    fields.push({ at: ["basedOn"], name: say("layers"), mismatch: isBased ? null : mismatch });
  }
  return fields;
}

/** An engine's event of a commit names both the container and the image that it made. */
function commitField(container: string, { inspect, commits }: Observed): Field {
  const made = commits.filter((one) => one.imageId === inspect.Id).map((one) => one.container);
  const isOne = commits.some((one) => one.imageId === inspect.Id && (one.container === container || one.containerId.startsWith(container)));
  return field(["commitOf"], say("container it is a commit of"), container, made.length === 0 ? "none" : made.join(", "), isOne);
}

function historyFields(expected: History | undefined, actual: readonly ImageHistoryItem[]): readonly Field[] {
  if (expected === undefined) return [];
  const { count, contains = [], excludes = [] } = Array.isArray(expected) ? { contains: expected } : expected;
  const listed = Array.isArray(expected) ? ["history"] : ["history", "contains"];
  const fields: Field[] = [];
  if (count !== undefined)
    fields.push({
      at: ["history", "count"],
      name: say("number of history entries"),
      mismatch: matchNumber(say("number of history entries"), count, actual.length),
    });
  const shown = actual.map(showItem).join("\n");
  let from = 0;
  for (const [place, entry] of contains.entries()) {
    const at = actual.findIndex((item, index) => index >= from && isEntry(entry, item));
    if (at < 0) {
      fields.push(
        historyField(
          [...listed, place],
          say(from > 0 ? "history has no entry {0} below those before" : "history has no entry {0}", showEntry(entry)),
          contains.map(showEntry).join("\n"),
          shown,
        ),
      );
      break;
    }
    from = at + 1;
  }
  for (const [place, entry] of excludes.entries()) {
    if (actual.some((item) => isEntry(entry, item)))
      fields.push(
        historyField(["history", "excludes", place], say("history has an entry {0}", showEntry(entry)), `no ${showEntry(entry)}`, shown),
      );
  }
  return fields;
}

function historyField(at: SourcePath, why: Said, expected: string, actual: string): Field {
  return { at, name: say("history"), mismatch: { ...asRationale(why), expected, actual } };
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
