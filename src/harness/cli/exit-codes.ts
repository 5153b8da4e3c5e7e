import type { Report } from "../report/report.ts";

/** What slipway's own commands end with; `slipway docker` has docker's. */
export const exitCodes = {
  /** Everything passed, or was skipped. */
  pass: 0,
  /** A scenario failed. */
  fail: 1,
  /** A scenario file, or the command line, is wrong; nothing was run. */
  usage: 2,
  /** The engine or the host is at fault: some scenario could not be judged. */
  fault: 3,
  /** Broken off by Ctrl-C or SIGTERM; everything was cleaned up. */
  interrupted: 130,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

const BY_OUTCOME = {
  pass: exitCodes.pass,
  fail: exitCodes.fail,
  error: exitCodes.fault,
  interrupted: exitCodes.interrupted,
} as const satisfies Record<Report["outcome"], ExitCode>;

/** The exit code of a run. */
export function exitCodeOf(report: Report): ExitCode {
  return BY_OUTCOME[report.outcome];
}
