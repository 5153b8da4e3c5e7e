/** Docker's own keys: Ctrl-P, Ctrl-Q. */
export const DEFAULT_DETACH_KEYS = "ctrl-p,ctrl-q";

/** Reads `ctrl-a,x`: control letters and single characters between commas. @throws Error in docker's words. */
export function parseDetachKeys(text: string): Buffer {
  const CONTROL = "@abcdefghijklmnopqrstuvwxyz[\\]^_";
  const codes = text.split(",").map((key) => {
    if (key.length === 1) return key.charCodeAt(0);
    const code = key.startsWith("ctrl-") && key.length === 6 ? CONTROL.indexOf(key.charAt(5).toLowerCase()) : -1;
    if (code < 0) throw new Error(`Unknown character: '${key}'`);
    return code;
  });
  return Buffer.from(codes);
}

/** Looks for the detach keys in what is typed, also when they come one by one. */
export class DetachKeyReader {
  readonly #keys: Buffer;
  #matched = 0;

  constructor(keys: Buffer) {
    this.#keys = keys;
  }

  /** What of `typed` is to be passed on, and whether the keys are complete: then nothing after them is. */
  read(typed: Buffer): { pass: Buffer; detached: boolean } {
    const pass: number[] = [];
    for (const byte of typed) {
      if (byte === this.#keys[this.#matched]) {
        this.#matched++;
        if (this.#matched === this.#keys.length) return { pass: Buffer.from(pass), detached: true };
        continue;
      }
      // The keys held back were meant for the program after all; the one that broke them may begin them anew.
      pass.push(...this.#keys.subarray(0, this.#matched));
      this.#matched = 0;
      if (byte === this.#keys[0]) this.#matched = 1;
      else pass.push(byte);
    }
    return { pass: Buffer.from(pass), detached: false };
  }
}
