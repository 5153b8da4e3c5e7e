/** What `slipway` can do, in the order of its help, each in a few words. */
export const SUBCOMMAND_NAMES = {
  run: "Run scenarios and report what they came to",
  validate: "Check scenario files without running them",
  list: "List scenarios",
  explain: "Say at length what did not pass in the last run",
  merge: "Make one report of those of several shards",
  init: "Write a first scenario",
  shell: "A fresh root to try commands in",
  engine: "Serve the Docker Engine API on a root",
  grade: "Grade submissions of an exercise",
  regrade: "Grade again, and show who gains and loses",
  export: "Write grades as a course's system takes them",
  exercise: "Prove an exercise before students see it",
  docker: "Speak to a Docker engine as the docker command does",
  completion: "Print a shell's completion script",
} as const;

export type SubcommandName = keyof typeof SUBCOMMAND_NAMES;
