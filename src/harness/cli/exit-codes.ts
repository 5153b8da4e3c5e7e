import type { Report } from "../report/report.ts";

/** What slipway's own commands end with; `slipway docker` has docker's. */
export const exitCodes = {
  pass: 0,
  fail: 1,
  usage: 2,
  fault: 3,
  nothing: 4,
  interrupted: 130,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** What each means, for help and documents. */
export const EXIT_CODE_MEANINGS: Readonly<Record<ExitCode, string>> = {
  [exitCodes.pass]: "every scenario passed or was skipped",
  [exitCodes.fail]: "a scenario failed",
  [exitCodes.usage]: "a scenario file or the command line is wrong; nothing was run",
  [exitCodes.fault]: "the engine or the host is at fault: some scenario could not be judged, or a report not be written",
  [exitCodes.nothing]: "nothing was selected; nothing was run",
  [exitCodes.interrupted]: "broken off by Ctrl-C, SIGTERM, a hangup, or since nobody reads its output any more; everything was cleaned up",
};

/** The table of exit codes, a line each. */
export function exitCodeTable(): string {
  return Object.entries(EXIT_CODE_MEANINGS)
    .map(([code, meaning]) => `  ${code.padEnd(3)}  ${meaning}`)
    .join("\n");
}

const BY_OUTCOME = {
  pass: exitCodes.pass,
  fail: exitCodes.fail,
  error: exitCodes.fault,
  interrupted: exitCodes.interrupted,
} as const satisfies Record<Report["outcome"], ExitCode>;

/** The exit code of a run. */
export function exitCodeOf(report: Pick<Report, "outcome">): ExitCode {
  return BY_OUTCOME[report.outcome];
}
