import type { EventMessage } from "../../../docker/api/types.ts";
import type { Event, Events } from "../../scenario/scenario.generated.ts";
import { below, combine, together, type Field, type Mismatch } from "./mismatch.ts";
import { matchNamedTexts } from "./named-texts.ts";
import { matchNumber } from "./number.ts";
import { matchInOrder, matchNoneOf, type SequenceOf } from "./sequence.ts";
import { matchText } from "./text.ts";
import { say } from "../../plan/sayings.ts";

/** Holds what an engine told of against what it should have told of. */
export function matchEvents(expected: Events, actual: readonly EventMessage[]): Mismatch | null {
  if (Array.isArray(expected)) return matchInOrder(expected, actual, EVENTS);
  const { contains = [], excludes = [], count = {} } = expected;
  const counted = Object.entries(count).map(([event, wanted]): Field => {
    const name = say("number of events {0}", JSON.stringify(event));
    return { at: ["count", event], name, mismatch: matchNumber(name, wanted, actual.filter((one) => isEvent(event, one)).length) };
  });
  return together([
    below(["contains"], matchInOrder(contains, actual, EVENTS)),
    below(["excludes"], matchNoneOf(excludes, actual, EVENTS)),
    combine(counted),
  ]);
}

const EVENTS: SequenceOf<Event, EventMessage> = {
  what: say("events"),
  isIt: isEvent,
  showWanted: (event) => (typeof event === "string" ? event : JSON.stringify(event)),
  showMember: ({ Type, Action, Actor }) => `${Type} ${Action} ${nameOf(Actor)}`,
};

function isEvent(expected: Event, { Type, Action, Actor }: EventMessage): boolean {
  const { type, action, name, attributes } = typeof expected === "string" ? parseEvent(expected) : expected;
  const isNamed = (): boolean =>
    name === undefined ||
    [nameOf(Actor), Actor.ID].some((one) => matchText(say("it"), name, one) === null) ||
    (typeof name === "string" && name.length >= 12 && Actor.ID.startsWith(name));
  return (
    (type === undefined || type === Type) &&
    // `exec_create: sh -c …` has its command in its name.
    (action === undefined || action === Action || Action.startsWith(`${action}: `)) &&
    isNamed() &&
    combine(matchNamedTexts("attributes", "attribute {0}", attributes, new Map(Object.entries(Actor.Attributes ?? {})))) === null
  );
}

/** `container start web`, `start web`, `container start`, `start`. */
function parseEvent(text: string): Exclude<Event, string> {
  const [, type, action, name] = /^(?:(container|image|volume|network) )?([^ ]+)(?: ([^ ]+))?$/.exec(text) ?? [];
  return {
    ...(type !== undefined && { type: type as "container" | "image" | "volume" | "network" }),
    ...(action !== undefined && { action }),
    ...(name !== undefined && { name }),
  };
}

function nameOf({ ID, Attributes }: EventMessage["Actor"]): string {
  return Attributes?.["name"] ?? ID;
}
