import type { Clock } from "../../base/clock.ts";

/**
 * Gives the lines of a container's log their times: RFC 3339 with nine digits. Each is later than the one before, also of lines that are
 * read at once on a busy machine: whoever asks for the log from or up to a line's time gets no neighbour with it, as in Docker.
 */
export class LogClock {
  readonly #clock: Clock;
  /** Microseconds: as much as a number of seconds, which clients ask by, tells apart. */
  #last = 0;
  #second = Number.NaN;
  #secondText = "";

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The next line's time. */
  readonly next = (): string => {
    this.#last = Math.max(this.#clock.now().getTime() * 1000, this.#last + 1);
    const second = Math.floor(this.#last / 1_000_000);
    if (second !== this.#second) {
      this.#second = second;
      this.#secondText = new Date(second * 1000).toISOString().slice(0, -"000Z".length);
    }
    return `${this.#secondText}${String(this.#last % 1_000_000).padStart(6, "0")}000Z`;
  };
}

/** Unix seconds of such a time. */
export function logSeconds(time: string): number {
  return (Date.parse(`${time.slice(0, 19)}Z`) * 1000 + Number(time.slice(20, 26))) / 1_000_000;
}
