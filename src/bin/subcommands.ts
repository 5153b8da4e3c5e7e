import type { SubcommandName } from "./subcommand-names.ts";

/** Loads a subcommand's file, which gets the words behind its name and gives the exit code. Only the one that is used is loaded. */
type LoadSubcommand = () => Promise<{ main(argv: readonly string[]): Promise<number> }>;

/** The file of each. */
export const SUBCOMMANDS: Readonly<Record<SubcommandName, LoadSubcommand>> = {
  run: () => import("./slipway-run.ts"),
  validate: () => import("./slipway-validate.ts"),
  list: () => import("./slipway-list.ts"),
  explain: () => import("./slipway-explain.ts"),
  merge: () => import("./slipway-merge.ts"),
  init: () => import("./slipway-init.ts"),
  shell: () => import("./slipway-shell.ts"),
  engine: () => import("./slipway-engine.ts"),
  grade: () => import("./slipway-grade.ts"),
  regrade: () => import("./slipway-regrade.ts"),
  export: () => import("./slipway-export.ts"),
  exercise: () => import("./slipway-exercise.ts"),
  docker: () => import("./slipway-docker.ts"),
  completion: () => import("./slipway-completion.ts"),
};
