import { type Context, createContext, Script } from "node:vm";

/** Work took longer than it may. */
export class TimeLimitError extends Error {
  override readonly name = "TimeLimitError";
}

// What runs below a script of node:vm is ended when the script's time is over, regular expressions too; nothing else in Node can do that.
let made: { readonly script: Script; readonly context: Context & { work?: () => unknown } } | null = null;

/**
 * What `work` returns, a synchronous function without effects, or what it throws. Takes about a millisecond more.
 * @throws TimeLimitError when it has not ended after `limitMs`; it is stopped then, wherever it was.
 */
export function withinTime<T>(limitMs: number, work: () => T): T {
  made ??= { script: new Script("work()"), context: createContext(Object.create(null) as object) };
  const { script, context } = made;
  const outer = context.work;
  context.work = work;
  try {
    return script.runInContext(context, { timeout: limitMs }) as T;
  } catch (error) {
    // It is an error of the context's own, so no instance of our Error.
    const { code } = Object(error) as { code?: unknown };
    if (code === "ERR_SCRIPT_EXECUTION_TIMEOUT") throw new TimeLimitError(`took longer than ${limitMs} ms`, { cause: error });
    throw error;
  } finally {
    if (outer === undefined) delete context.work;
    else context.work = outer;
  }
}
