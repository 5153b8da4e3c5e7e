import { constants } from "node:os";
import { InternalError, InvalidArgumentError } from "../../../base/errors.ts";

const byName: Readonly<Record<string, number>> = {
  ...Object.fromEntries(Object.entries(constants.signals).map(([name, number]) => [name.slice(3), number])),
  RTMIN: 34,
  RTMAX: 64,
};

/** The number of `SIGTERM`, `term`, `15`, `RTMIN+3`. @throws InvalidArgumentError `Invalid signal: x` */
export function parseSignal(text: string): number {
  const invalid = (): InvalidArgumentError => new InvalidArgumentError(`Invalid signal: ${text}`);
  if (/^\d+$/.test(text)) {
    if (Number(text) === 0) throw invalid();
    return Number(text);
  }
  const [, name = "", sign, offset] = /^(?:SIG)?([A-Z0-9]+?)(?:([+-])(\d+))?$/.exec(text.toUpperCase()) ?? [];
  const base = byName[name];
  if (base === undefined || (sign !== undefined && name !== "RTMIN" && name !== "RTMAX")) throw invalid();
  const number = base + (sign === "-" ? -1 : 1) * Number(offset ?? 0);
  if (number < 1 || number > 64) throw invalid();
  return number;
}

/** @throws InternalError for a number that Linux does not have. */
export function assertLinuxSignal(signal: number, ref: string): void {
  if (signal < 1 || signal > 64 || signal === 32 || signal === 33) {
    throw new InternalError(`Cannot kill container: ${ref}: The linux daemon does not support signal ${signal}`);
  }
}
