import { InvalidArgumentError } from "../../base/errors.ts";

/** Control characters by the name behind `ctrl-`. */
const controls: Readonly<Record<string, number>> = { "@": 0, "[": 27, "\\": 28, "]": 29, "^": 30, _: 31 };

/**
 * The bytes of Docker's `ctrl-p,ctrl-q`: single characters, or `ctrl-` with a letter or one of `@[\]^_`. Empty means Docker's default.
 * @throws InvalidArgumentError with Docker's text, in which an exec's are "escape keys".
 */
export function parseDetachKeys(text: string, called: "detach" | "escape" = "detach"): Buffer {
  const keys = (text === "" ? "ctrl-p,ctrl-q" : text).split(",");
  return Buffer.from(
    keys.map((key) => {
      if (key.length === 1) return key.charCodeAt(0);
      const name = key.startsWith("ctrl-") ? key.slice(5).toLowerCase() : "";
      if (/^[a-z]$/.test(name)) return name.charCodeAt(0) - 96;
      const control = controls[name];
      if (control === undefined) throw new InvalidArgumentError(`Invalid ${called} keys (${text}) provided`);
      return control;
    }),
  );
}

/** Finds the detach keys in what a person types, wherever the chunks are cut; keys of a sequence that was not finished are passed on. */
export class DetachScanner {
  readonly #keys: Buffer;
  #matched = 0;

  constructor(keys: Buffer) {
    this.#keys = keys;
  }

  /** What to pass on, and whether the sequence is complete; what follows it is dropped. */
  push(chunk: Buffer): { readonly data: Buffer; readonly detached: boolean } {
    const out: number[] = [];
    for (const byte of chunk) {
      if (byte === this.#keys[this.#matched]) {
        this.#matched += 1;
        if (this.#matched === this.#keys.length) return { data: Buffer.from(out), detached: true };
        continue;
      }
      for (let index = 0; index < this.#matched; index += 1) out.push(this.#keys[index] ?? 0);
      this.#matched = byte === this.#keys[0] ? 1 : 0;
      if (this.#matched === 0) out.push(byte);
    }
    return { data: Buffer.from(out), detached: false };
  }
}
