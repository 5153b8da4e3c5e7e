import { constants } from "node:os";
import { field, type Field } from "./mismatch.ts";
import { say } from "../../plan/sayings.ts";

/** Whether a program with this exit code was ended by one of these signals: 128 and the signal's number. */
export function matchSignal(expected: string | readonly string[], exitCode: number): Field {
  const wanted = [expected].flat().map((name) => name.replace(/^SIG/, ""));
  const ended = Object.entries(constants.signals).find(([, number]) => number === exitCode - 128)?.[0];
  const actual = ended === undefined ? `none (exit code ${exitCode})` : ended.replace(/^SIG/, "");
  const isOne = wanted.some((name) => exitCode === 128 + (constants.signals[`SIG${name}` as NodeJS.Signals] ?? NaN));
  return field(["signal"], say("signal that ended it"), wanted.join(" or "), actual, isOne);
}
