import { createHash } from "node:crypto";
import type { EventMessage } from "../../../docker/api/types.ts";
import type { ObservedEngine } from "./engine.ts";
import type { PastState } from "./observation.ts";
import { OwnLooks } from "./own-looks.ts";

/** What a scenario's events may come to. Each has all labels of its container or image, which a submission may choose. */
const MOST_BYTES = 32 * 1024 * 1024;

/** An event may come to be known so much later than one that happened after it. */
const LATE_SECONDS = 1;

/**
 * What an engine told of since a scenario began. An engine remembers its last 256 events alone, so `collect` is to be called
 * now and then.
 */
export class EventHistory {
  readonly #engine: Pick<ObservedEngine, "events">;
  readonly #signal: AbortSignal;
  readonly #seen = new Map<string, EventMessage>();
  /** Unix seconds. */
  #since = 0;
  #size = 0;
  readonly #past: readonly EventMessage[];
  /** Whether anybody will ask. */
  readonly isWanted: boolean;
  /** What of the events is to be left out. */
  readonly looks = new OwnLooks();

  /**
   * @param isWanted whether anybody will ask; `collect` does nothing when not.
   * @param past what was told before, of the run that this one goes on from.
   */
  constructor(
    engine: Pick<ObservedEngine, "events">,
    signal: AbortSignal,
    { isWanted, past }: { readonly isWanted: boolean; readonly past: readonly EventMessage[] },
  ) {
    this.#engine = engine;
    this.#signal = signal;
    this.isWanted = isWanted;
    this.#past = past;
  }

  /** What came before is not the scenario's. */
  begin(): void {
    this.#since = Date.now() / 1000;
  }

  /** Notes what is new. @throws Error when all events are more than a scenario's may be; they are asked for no more then. */
  async collect(): Promise<void> {
    if (!this.isWanted) return;
    this.#assertNotTooMuch();
    // A daemon counts nanoseconds where we count milliseconds: the end is a little after now.
    const until = (Date.now() + 2) / 1000;
    const alike = new Map<string, number>();
    let last = 0;
    for await (const event of await this.#engine.events({ since: this.#since, until, signal: this.#signal })) {
      last = event.timeNano / 1e9;
      const attributes = JSON.stringify(event.Actor.Attributes ?? {});
      const digest = createHash("sha256").update(attributes).digest("base64");
      const key = `${event.timeNano} ${event.Type} ${event.Action} ${event.Actor.ID} ${digest}`;
      // Two that are alike to the nanosecond are two all the same.
      const nth = (alike.get(key) ?? 0) + 1;
      alike.set(key, nth);
      if (this.#seen.has(`${key} ${nth}`)) continue;
      this.#seen.set(`${key} ${nth}`, event);
      this.#size += attributes.length;
      this.#assertNotTooMuch();
    }
    this.#since = Math.max(this.#since, last - LATE_SECONDS);
  }

  #assertNotTooMuch(): void {
    if (this.#size > MOST_BYTES) throw new Error(`the engine told of events of more than ${MOST_BYTES} bytes`);
  }

  /** All of them, in order, but for those that came of looking. */
  async all(): Promise<readonly EventMessage[]> {
    await this.collect();
    const events = [...this.#seen.values()].toSorted((a, b) => a.timeNano - b.timeNano);
    return [...this.#past, ...this.looks.without(events)];
  }
}

const STATES: Readonly<Record<string, PastState>> = {
  create: "created",
  start: "running",
  pause: "paused",
  unpause: "running",
  die: "exited",
  destroy: "removed",
};

/** The states that containers of this name, or of an id of at least 12 digits, went through. */
export function statesOf(name: string, events: readonly EventMessage[]): readonly PastState[] {
  const isIt = ({ ID, Attributes }: EventMessage["Actor"]): boolean =>
    Attributes?.["name"] === name || (name.length >= 12 && ID.startsWith(name));
  return events.flatMap(({ Type, Action, Actor }) => {
    const state = Type === "container" && isIt(Actor) ? STATES[Action] : undefined;
    return state === undefined ? [] : [state];
  });
}
