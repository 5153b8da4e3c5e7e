#!/usr/bin/env -S node --

import { SUBCOMMAND_NAMES, type SubcommandName } from "./subcommand-names.ts";
import { SUBCOMMANDS } from "./subcommands.ts";

const [name = "--help", ...argv] = process.argv.slice(2);
const isSubcommand = (word: string): word is SubcommandName => Object.hasOwn(SUBCOMMANDS, word);
if (isSubcommand(name)) {
  process.exitCode = await (await SUBCOMMANDS[name]()).main(argv);
} else if (name === "--version" || name === "-v") {
  process.stdout.write(`${(await import("../docker/cli/version-line.ts")).slipwayVersion()}\n`);
} else {
  const asked = ["help", "--help", "-h"].includes(name);
  const lines = Object.entries(SUBCOMMAND_NAMES).map(([word, short]) => `  ${word.padEnd(10)} ${short}`);
  const text = `Usage: slipway COMMAND\n\nGrades and regression-tests container exercises without a Docker daemon\n\nCommands:\n${lines.join("\n")}\n`;
  if (asked) process.stdout.write(text);
  else process.stderr.write(`slipway: '${name}' is not a slipway command\n\n${text}`);
  process.exitCode = asked ? 0 : 2;
}
