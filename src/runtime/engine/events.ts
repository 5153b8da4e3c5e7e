import type { Clock } from "../../base/clock.ts";
import type { EventMessage, Filters } from "../../docker/api/types.ts";

/** Docker keeps this many past events. */
const kept = 256;

/** What happened in one engine: the last events, and those who listen. */
export class EventLog {
  readonly #clock: Clock;
  readonly #past: EventMessage[] = [];
  readonly #listeners = new Set<(event: EventMessage) => void>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** How many read the events as they come. */
  get listeners(): number {
    return this.#listeners.size;
  }

  /** Tells of an event of this `type`; container and image events also carry Docker's older fields. */
  emit(type: EventMessage["Type"], action: string, id: string, attributes: Readonly<Record<string, string>>): void {
    const ms = this.#clock.now().getTime();
    const older =
      type === "container"
        ? { status: action, id, ...(attributes["image"] !== undefined && { from: attributes["image"] }) }
        : type === "image"
          ? { status: action, id }
          : {};
    const event: EventMessage = {
      ...older,
      Type: type,
      Action: action,
      Actor: { ID: id, Attributes: Object.fromEntries(Object.entries(attributes).toSorted(([a], [b]) => (a < b ? -1 : 1))) },
      scope: "local",
      time: Math.floor(ms / 1000),
      timeNano: ms * 1_000_000,
    };
    this.#past.push(event);
    if (this.#past.length > kept) this.#past.shift();
    for (const listener of this.#listeners) listener(event);
  }

  /** Past events from `since`, then live ones until `until` or the signal; times in Unix seconds. */
  async *read(options: {
    readonly since: number | null;
    readonly until: number | null;
    readonly filters: Filters;
    readonly signal: AbortSignal;
  }): AsyncGenerator<EventMessage> {
    const { since, until, filters, signal } = options;
    const isWanted = (event: EventMessage): boolean => matchesEvent(event, filters);
    const queue: EventMessage[] = [];
    let wake = (): void => undefined;
    const listener = (event: EventMessage): void => {
      queue.push(event);
      wake();
    };
    if (since !== null)
      queue.push(...this.#past.filter((event) => event.timeNano >= since * 1e9 && (until === null || event.timeNano <= until * 1e9)));
    const now = this.#clock.now().getTime() / 1000;
    if (until !== null && until <= now) {
      yield* queue.filter(isWanted);
      return;
    }
    this.#listeners.add(listener);
    const stopped = new AbortController();
    const stop = (): void => stopped.abort();
    if (signal.aborted) stop();
    signal.addEventListener("abort", stop, { once: true });
    if (until !== null) void this.#clock.sleep((until - now) * 1000, stopped.signal).then(stop, () => undefined);
    stopped.signal.addEventListener("abort", () => wake(), { once: true });
    try {
      for (;;) {
        for (const event of queue.splice(0)) if (isWanted(event)) yield event;
        if (stopped.signal.aborted) return;
        if (queue.length > 0) continue;
        await new Promise<void>((resolve) => (wake = resolve));
      }
    } finally {
      stop();
      signal.removeEventListener("abort", stop);
      this.#listeners.delete(listener);
    }
  }
}

/** Whether an event passes `docker events --filter`: values of one key are alternatives, keys add up. */
export function matchesEvent(event: EventMessage, filters: Filters): boolean {
  const attributes = event.Actor.Attributes;
  const any = (key: string, test: (value: string) => boolean): boolean => {
    const values = filters[key];
    return values === undefined || values.length === 0 || values.some(test);
  };
  const isNamed = (type: EventMessage["Type"], value: string): boolean =>
    event.Type === type && (event.Actor.ID === value || event.Actor.ID.startsWith(value) || attributes["name"] === value);
  return (
    any("event", (value) => event.Action === value || event.Action.startsWith(`${value}:`)) &&
    any("type", (value) => event.Type === value) &&
    any("scope", (value) => event.scope === value) &&
    any("container", (value) => isNamed("container", value) || attributes["container"]?.startsWith(value) === true) &&
    any("image", (value) => isNamed("image", value) || attributes["image"] === value || attributes["image"]?.split(":")[0] === value) &&
    any("network", (value) => isNamed("network", value)) &&
    any("volume", (value) => event.Type === "volume" && event.Actor.ID.startsWith(value)) &&
    (filters["label"] ?? []).every((label) => {
      const [key, value] = splitOnce(label, "=");
      return value === undefined ? key in attributes : attributes[key] === value;
    })
  );
}

function splitOnce(text: string, separator: string): readonly [string, string?] {
  const at = text.indexOf(separator);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + separator.length)];
}
