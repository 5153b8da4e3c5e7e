import type { CommandContext } from "../command.ts";
import { optionalInt, string } from "./flags.ts";

/** What `stop` and `restart` share. */
export const stopFlags = {
  signal: string("Signal to send to the container", { short: "s" }),
  timeout: optionalInt("Seconds to wait before killing the container", { short: "t" }),
  // The name before Docker 28.
  time: optionalInt("Seconds to wait before killing the container", { hidden: true }),
};

/** Says, where docker says it, that the flag's old name was used. */
export function warnOfTime(given: ReadonlySet<string>, { stdout }: Pick<CommandContext, "stdout">): void {
  if (given.has("time")) stdout.write("Flag --time has been deprecated, use --timeout instead\n");
}

export function stopOptions(flags: { readonly signal: string; readonly timeout: number | null; readonly time: number | null }): {
  signal: string;
  timeout: number | null;
} {
  return { signal: flags.signal, timeout: flags.timeout ?? flags.time };
}
