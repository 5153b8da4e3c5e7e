#!/usr/bin/env -S node --

/** A subcommand's file: gets the words behind its name, gives the exit code. Only the one that is used is loaded. */
interface Subcommand {
  readonly short: string;
  load(): Promise<{ main(argv: readonly string[]): Promise<number> }>;
}

const SUBCOMMANDS: Readonly<Record<string, Subcommand>> = {
  run: { short: "Run scenarios and report what they came to", load: () => import("./slipway-run.ts") },
  validate: { short: "Check scenario files without running them", load: () => import("./slipway-validate.ts") },
  list: { short: "List scenarios", load: () => import("./slipway-list.ts") },
  merge: { short: "Make one report of those of several shards", load: () => import("./slipway-merge.ts") },
  engine: { short: "Serve the Docker Engine API on a root", load: () => import("./slipway-engine.ts") },
  grade: { short: "Grade submissions of an exercise", load: () => import("./slipway-grade.ts") },
  exercise: { short: "Prove an exercise before students see it", load: () => import("./slipway-exercise.ts") },
  docker: { short: "Speak to a Docker engine as the docker command does", load: () => import("./slipway-docker.ts") },
};

const [name = "--help", ...argv] = process.argv.slice(2);
const subcommand = Object.hasOwn(SUBCOMMANDS, name) ? SUBCOMMANDS[name] : undefined;
if (subcommand) {
  process.exitCode = await (await subcommand.load()).main(argv);
} else if (name === "--version" || name === "-v") {
  process.stdout.write(`${(await import("../docker/cli/version-line.ts")).slipwayVersion()}\n`);
} else {
  const asked = ["help", "--help", "-h"].includes(name);
  const lines = Object.entries(SUBCOMMANDS).map(([word, { short }]) => `  ${word.padEnd(10)} ${short}`);
  const text = `Usage: slipway COMMAND\n\nGrades and regression-tests container exercises without a Docker daemon\n\nCommands:\n${lines.join("\n")}\n`;
  if (asked) process.stdout.write(text);
  else process.stderr.write(`slipway: '${name}' is not a slipway command\n\n${text}`);
  process.exitCode = asked ? 0 : 2;
}
