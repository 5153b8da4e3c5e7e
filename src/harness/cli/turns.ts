import type { Plan } from "../plan/plan.ts";
import type { ScenarioResult } from "../report/report.ts";
import type { Leaves } from "../run/events.ts";
import type { FrozenRoot } from "../targets/target.ts";

/** One run of a scenario. */
export interface Turn {
  readonly plan: Plan;
  readonly repetition: ScenarioResult["repetition"];
  /** Its place among the results; null: only others need it, and it is not reported. */
  readonly place: number | null;
  /** The turn that it goes on from; null: none, or one that is done again in the same root. */
  readonly needs: Turn | null;
}

/** What a turn that others need came to. */
export type Settled = { readonly passed: false } | { readonly passed: true; readonly frozen: FrozenRoot | null; readonly leaves: Leaves };

/**
 * The turns of a run, handed out as their time comes: one that goes on from another waits until that one has ended. What several go on
 * from is removed when the last of them has ended.
 */
export class Turns {
  readonly reported: readonly Turn[];
  readonly #waiting: Turn[];
  readonly #settled = new Map<Turn, Settled>();
  readonly #users = new Map<Turn, number>();
  #running = 0;
  #wake: () => void = () => undefined;
  #changed = new Promise<void>((resolve) => (this.#wake = resolve));

  readonly #lengths = new Map<Turn, number>();
  readonly #workers: number;
  #longest = 0;
  /** Steps of all that wait. */
  #left = 0;

  /**
   * @param workers how many turns are taken at a time.
   * @param copies whether roots can be copied: what is needed but not among `plans` is then run once beforehand, unreported.
   */
  constructor(
    plans: readonly Plan[],
    { repeat, copies, workers }: { readonly repeat: number; readonly copies: boolean; readonly workers: number },
  ) {
    this.#workers = workers;
    const all: Turn[] = [];
    const known = new Map<string, Turn>();
    const isWanted = new Map(plans.map((plan) => [plan.name, plan] as const));
    let place = 0;
    const places = new Map<string, number>();
    for (const plan of plans) for (let index = 1; index <= repeat; index++) places.set(`${plan.name} ${index}`, place++);
    const turnOf = (plan: Plan, index: number): Turn => {
      const key = `${plan.name} ${index}`;
      const earlier = known.get(key);
      if (earlier !== undefined) return earlier;
      const { needs } = plan;
      const goesOn = needs !== null && (copies || isWanted.has(needs.name)) ? turnOf(isWanted.get(needs.name) ?? needs, index) : null;
      const repetition = repeat === 1 ? null : { index, count: repeat };
      const turn = { plan, repetition, place: places.get(key) ?? null, needs: goesOn };
      known.set(key, turn);
      if (goesOn !== null) this.#users.set(goesOn, (this.#users.get(goesOn) ?? 0) + 1);
      all.push(turn);
      return turn;
    };
    for (const plan of plans) for (let index = 1; index <= repeat; index++) turnOf(plan, index);
    this.#waiting = all;
    // What is needed stands before what needs it.
    for (const turn of all.toReversed()) {
      const length = turn.plan.steps.length + (this.#lengths.get(turn) ?? 0);
      this.#lengths.set(turn, length);
      if (turn.needs !== null) this.#lengths.set(turn.needs, Math.max(length, this.#lengths.get(turn.needs) ?? 0));
      this.#longest = Math.max(this.#longest, length);
      this.#left += turn.plan.steps.length;
    }
    this.reported = all.filter((turn) => turn.place !== null);
  }

  /** How many there are in all, those that are not reported too. */
  get length(): number {
    return this.#waiting.length;
  }

  /** How many begin in a fresh root. */
  get fresh(): number {
    return this.#waiting.filter(({ needs }) => needs === null).length;
  }

  /** Whether another goes on from it. */
  isNeeded(turn: Turn): boolean {
    return (this.#users.get(turn) ?? 0) > 0;
  }

  /** Whether no other goes on from what this one does. */
  isLastUser({ needs }: Turn): boolean {
    return needs !== null && this.#users.get(needs) === 1;
  }

  /** What the turn that this one goes on from came to. */
  startOf({ needs }: Turn): Settled | null {
    return needs === null ? null : (this.#settled.get(needs) ?? null);
  }

  /** One whose time has come; waits for one; null when there is none any more. Each is to be given back by `end`. */
  async next(): Promise<Turn | null> {
    for (;;) {
      const turn = this.#choose();
      if (turn !== null) {
        this.#waiting.splice(this.#waiting.indexOf(turn), 1);
        this.#left -= turn.plan.steps.length;
        this.#running++;
        return turn;
      }
      if (this.#waiting.length === 0 || this.#running === 0) return null;
      await this.#changed;
    }
  }

  /**
   * The first of those that can begin; but the longest of them, once all that is left, shared out, takes no longer than it: begun last, all workers
   * but one would wait for it.
   */
  #choose(): Turn | null {
    const canBegin = ({ needs }: Turn): boolean => needs === null || this.#settled.has(needs);
    const first = this.#waiting.find(canBegin) ?? null;
    if (first === null || this.#longest * this.#workers < this.#left) return first;
    const longest = this.#waiting
      .filter(canBegin)
      .reduce((most, turn) => (this.#lengthOf(turn) > this.#lengthOf(most) ? turn : most), first);
    return this.#lengthOf(longest) * this.#workers < this.#left ? first : longest;
  }

  /** In steps, with the longest of what goes on from it. */
  #lengthOf(turn: Turn): number {
    return this.#lengths.get(turn) ?? 0;
  }

  /** A turn is over. */
  async end(turn: Turn, settled: Settled): Promise<void> {
    this.#running--;
    if (this.isNeeded(turn)) this.#settled.set(turn, settled);
    const { needs } = turn;
    const users = needs === null ? 0 : (this.#users.get(needs) ?? 0) - 1;
    if (needs !== null) this.#users.set(needs, users);
    this.#wake();
    this.#changed = new Promise((resolve) => (this.#wake = resolve));
    if (needs !== null && users === 0) await this.#remove(needs);
  }

  /** Removes what is still kept, when a run is broken off. */
  async close(): Promise<void> {
    for (const turn of this.#settled.keys()) await this.#remove(turn);
  }

  async #remove(turn: Turn): Promise<void> {
    const settled = this.#settled.get(turn);
    if (settled?.passed !== true) return;
    this.#settled.set(turn, { passed: false });
    await settled.frozen?.remove();
  }
}
