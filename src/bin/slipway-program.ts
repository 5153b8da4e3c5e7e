import { slipwayVersion } from "../docker/cli/version-line.ts";
import { closest } from "../harness/scenario/closest.ts";
import { SUBCOMMAND_NAMES, type SubcommandName } from "./subcommand-names.ts";
import { SUBCOMMANDS } from "./subcommands.ts";

const [first = "--help", ...words] = process.argv.slice(2);
// `slipway help run` is `slipway run --help`.
const [name, argv] = first === "help" && words[0] !== undefined ? [words[0], ["--help"]] : [first, words];
const isSubcommand = (word: string): word is SubcommandName => Object.hasOwn(SUBCOMMANDS, word);
if (isSubcommand(name)) {
  // No await: as CommonJS, which starts quicker, it has none at its top.
  void SUBCOMMANDS[name]().then(async (subcommand) => (process.exitCode = await subcommand.main(argv)));
} else if (name === "--version" || name === "-v") {
  process.stdout.write(`${slipwayVersion()}\n`);
} else {
  const asked = ["help", "--help", "-h"].includes(name);
  const lines = Object.entries(SUBCOMMAND_NAMES).map(([word, short]) => `  ${word.padEnd(10)} ${short}`);
  if (asked) {
    process.stdout.write(`Usage: slipway COMMAND

Grades and regression-tests container exercises without a Docker daemon

Commands:
${lines.join("\n")}

Examples:
  slipway init && slipway run            a first scenario, and what comes of it
  slipway shell --image busybox          a root to try commands in
  slipway docker run --rm busybox echo hi

slipway COMMAND --help says more about a command.
`);
  } else {
    const meant = closest(name, Object.keys(SUBCOMMANDS));
    process.stderr.write(
      `slipway: '${name}' is not a slipway command${meant === null ? "" : `; did you mean ${meant}?`}\nslipway --help lists them all\n`,
    );
  }
  process.exitCode = asked ? 0 : 2;
}
