import type { EventMessage } from "../../../docker/api/types.ts";

/** Marks the containers that are made only to look into an image or a volume; what an engine tells of them is no scenario's doing. */
export const OBSERVER_LABEL = "slipway.observer";

/** What an engine tells of a request that only looks: at a container, or by a container of ours at a volume, which some daemons take for made anew. */
type LookAction = "top" | "archive-path" | "export" | "volume create";

/** A request that was answered: the container's id or the volume's name, and when it was begun and answered, in Unix milliseconds. */
interface Look {
  readonly action: LookAction;
  readonly subject: string;
  readonly from: number;
  readonly to: number;
  readonly failed: boolean;
}

/** The harness's own looks at a scenario's engine, so that what the engine tells of them is not taken for the scenario's. */
export class OwnLooks {
  readonly #looks: Look[] = [];
  readonly #volumes = new Set<string>();

  /** Notes `request`, which looks at the container with this id, or the volume of this name. */
  async note<T>(action: LookAction, subject: string, request: () => Promise<T>): Promise<T> {
    const from = Date.now();
    let failed = true;
    try {
      const answer = await request();
      failed = false;
      return answer;
    } finally {
      // A daemon counts nanoseconds where we count milliseconds.
      this.#looks.push({ action, subject, from, to: Date.now() + 1, failed });
    }
  }

  /** Notes volumes that came with a container of ours, and go with it. */
  noteVolumes(names: readonly string[]): void {
    for (const name of names) this.#volumes.add(name);
  }

  /** The events, in order, but for those that came of looking: of each look as many as an engine tells of it, so that a scenario's own of the same kind stay. */
  without(events: readonly EventMessage[]): readonly EventMessage[] {
    const observers = new Set(events.filter(({ Actor }) => OBSERVER_LABEL in (Actor.Attributes ?? {})).map(({ Actor }) => Actor.ID));
    const ours = new Set<EventMessage>();
    for (const event of events) {
      const { Type, Actor } = event;
      const isVolume = Type === "volume" && this.#volumes.has(Actor.ID);
      if (isVolume || observers.has(Actor.ID) || observers.has(Actor.Attributes?.["container"] ?? "")) ours.add(event);
    }
    for (const look of this.#looks) for (const event of cameOf(look, events, ours)) ours.add(event);
    return events.filter((event) => !ours.has(event));
  }
}

/** What an engine told of a look; `taken` came of others. */
function cameOf({ action, subject, from, to, failed }: Look, events: readonly EventMessage[], taken: ReadonlySet<EventMessage>) {
  const later = events.filter((event) => msOf(event) >= from && !taken.has(event));
  if (action === "volume create") {
    const made = later.find((one) => one.Type === "volume" && one.Action === "create" && one.Actor.ID === subject && msOf(one) <= to);
    return made === undefined ? [] : [made];
  }
  // Some daemons tell of an export when all of it was read: the first from its beginning is the look's, however late.
  const told = failed
    ? undefined
    : later.find(({ Type, Action, Actor }) => Type === "container" && Action === action && Actor.ID === subject);
  const came = told === undefined ? [] : [told];
  if (action !== "archive-path") return came;
  // For a file the container's volumes are mounted, each once, and unmounted when the file was read, which is when the answer has ended or a little later.
  const ofVolumes = later.filter(({ Type, Actor }) => Type === "volume" && Actor.Attributes?.["container"] === subject);
  const mounted = new Set<string>();
  for (const mount of ofVolumes) {
    const { Action, Actor } = mount;
    if (Action !== "mount" || msOf(mount) > to || mounted.has(Actor.ID)) continue;
    mounted.add(Actor.ID);
    const unmount = ofVolumes.slice(ofVolumes.indexOf(mount)).find((one) => one.Action === "unmount" && one.Actor.ID === Actor.ID);
    came.push(mount, ...(unmount === undefined ? [] : [unmount]));
  }
  return came;
}

function msOf({ timeNano }: EventMessage): number {
  return timeNano / 1e6;
}
