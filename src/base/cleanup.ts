/**
 * Undo written beside do: `defer` what takes a step back, and it runs, last first, when the scope ends,
 * unless `keep` was called. Node 20 has no AsyncDisposableStack.
 */
export class Cleanup implements AsyncDisposable {
  #steps: (() => unknown)[] = [];

  /** Remembers `undo`; it may be asynchronous. */
  defer(undo: () => unknown): void {
    this.#steps.push(undo);
  }

  /** The thing made here lives on: forgets every step. */
  keep(): void {
    this.#steps = [];
  }

  /** Runs the steps, last first; one that fails does not stop the others, and the first error is thrown at the end. */
  async [Symbol.asyncDispose](): Promise<void> {
    const errors: unknown[] = [];
    for (const undo of this.#steps.splice(0).reverse()) {
      try {
        await undo();
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length > 0) throw errors[0];
  }
}
