/** A subcommand's file: gets the words behind its name, gives the exit code. Only the one that is used is loaded. */
export interface Subcommand {
  readonly short: string;
  load(): Promise<{ main(argv: readonly string[]): Promise<number> }>;
}

/** What `slipway` can do, in the order of its help. */
export const SUBCOMMANDS: Readonly<Record<string, Subcommand>> = {
  run: { short: "Run scenarios and report what they came to", load: () => import("./slipway-run.ts") },
  validate: { short: "Check scenario files without running them", load: () => import("./slipway-validate.ts") },
  list: { short: "List scenarios", load: () => import("./slipway-list.ts") },
  explain: { short: "Say at length what did not pass in the last run", load: () => import("./slipway-explain.ts") },
  merge: { short: "Make one report of those of several shards", load: () => import("./slipway-merge.ts") },
  init: { short: "Write a first scenario", load: () => import("./slipway-init.ts") },
  shell: { short: "A fresh root to try commands in", load: () => import("./slipway-shell.ts") },
  engine: { short: "Serve the Docker Engine API on a root", load: () => import("./slipway-engine.ts") },
  grade: { short: "Grade submissions of an exercise", load: () => import("./slipway-grade.ts") },
  regrade: { short: "Grade again, and show who gains and loses", load: () => import("./slipway-regrade.ts") },
  export: { short: "Write grades as a course's system takes them", load: () => import("./slipway-export.ts") },
  exercise: { short: "Prove an exercise before students see it", load: () => import("./slipway-exercise.ts") },
  docker: { short: "Speak to a Docker engine as the docker command does", load: () => import("./slipway-docker.ts") },
  completion: { short: "Print a shell's completion script", load: () => import("./slipway-completion.ts") },
};
