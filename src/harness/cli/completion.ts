import { REPORTER_NAMES } from "./reporter-options.ts";
import { ENGINE_KINDS } from "../targets/target.ts";
import { newCommand, type NotRun, parse } from "./command-line.ts";

export const SHELLS = ["bash", "zsh", "fish"] as const;
export type Shell = (typeof SHELLS)[number];

/** A subcommand, as shells are to complete it. */
export interface CompletedCommand {
  readonly name: string;
  readonly short: string;
  /** Its `--help`, from which its flags are read, so that there is no second list of them; empty when it has none of ours. */
  readonly help: string;
  /** What its first word may be; files when there is none. */
  readonly words: readonly string[];
}

/** What may stand behind a flag; of others that take something, files are offered. */
const VALUES: Readonly<Record<string, readonly string[]>> = {
  "--engine": ENGINE_KINDS,
  "--client": ["slipway", "host"],
  "--order": ["path", "random"],
  "--lang": ["en", "zh"],
  "--reporter": REPORTER_NAMES,
};

const HELP = `
Examples:
  source <(slipway completion bash)                                     in ~/.bashrc
  slipway completion zsh > "\${fpath[1]}/_slipway"
  slipway completion fish > ~/.config/fish/completions/slipway.fish
`;

/** Reads the words after `slipway completion`. */
export function parseCompletionOptions(argv: readonly string[]): { readonly shell: Shell } | NotRun {
  const command = newCommand("completion", "Print a script by which a shell completes slipway's commands and flags.");
  command.addArgument(command.createArgument("<shell>", "whose script").choices(SHELLS)).addHelpText("after", HELP);
  return parse(command, argv) ?? { shell: command.processedArgs[0] as Shell };
}

/** The script. */
export function completionScript(shell: Shell, commands: readonly CompletedCommand[]): string {
  return SCRIPTS[shell](commands.map(({ name, short, help, words }) => ({ name, short, words, flags: flagsOf(help) })));
}

interface Flag {
  readonly long: string;
  readonly short: string | null;
  readonly description: string;
  readonly takes: boolean;
}
interface Known {
  readonly name: string;
  readonly short: string;
  readonly words: readonly string[];
  readonly flags: readonly Flag[];
}

/** The flags in a help text: lines such as `  -j, --jobs <n>   scenarios at a time`. */
function flagsOf(help: string): readonly Flag[] {
  return [...help.matchAll(/^ {2}(?:-(\w), )?(--[a-z-]+)( [<[][^\s]+)?(?: {2,}(.*))?$/gm)].map(
    ([, short, long = "", value, description = ""]) => ({
      long,
      short: short ?? null,
      description,
      takes: value !== undefined,
    }),
  );
}

const SCRIPTS: Readonly<Record<Shell, (commands: readonly Known[]) => string>> = {
  bash: (commands) => `# slipway's completion for bash
_slipway() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD-1]} flags= words=
  COMPREPLY=()
  if [ "$COMP_CWORD" = 1 ]; then
    COMPREPLY=($(compgen -W '${commands.map(({ name }) => name).join(" ")}' -- "$cur"))
    return
  fi
  case $prev in
${Object.entries(VALUES)
  .map(([flag, values]) => `    ${flag}) COMPREPLY=($(compgen -W '${values.join(" ")}' -- "$cur")); return ;;`)
  .join("\n")}
  esac
  case \${COMP_WORDS[1]} in
${commands.map(({ name, flags, words }) => `    ${name}) flags='${flags.map(({ long }) => long).join(" ")}' words='${words.join(" ")}' ;;`).join("\n")}
  esac
  case $cur in
    -*) COMPREPLY=($(compgen -W "$flags" -- "$cur")) ;;
    *) if [ "$COMP_CWORD" = 2 ] && [ -n "$words" ]; then COMPREPLY=($(compgen -W "$words" -- "$cur")); return; fi ;;&
    *) compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur")) ;;
  esac
}
complete -F _slipway slipway
`,
  zsh: (commands) => `#compdef slipway
_slipway() {
  local -a commands
  commands=(
${commands.map(({ name, short }) => `    ${quoted(`${name}:${short}`)}`).join("\n")}
  )
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  case $words[2] in
${commands
  .map(({ name, flags, words }) => {
    const first = words.length === 0 ? [] : [quoted(`2:word:(${words.join(" ")})`)];
    const specs = flags.map(({ long, description, takes }) => {
      const values = VALUES[long];
      const value = !takes ? "" : values === undefined ? ":value:_files" : `:value:(${values.join(" ")})`;
      return quoted(`${long}[${description.replaceAll(/[[\]:]/g, " ")}]${value}`);
    });
    return `    ${name}) _arguments ${[...specs, ...first, quoted("*:file:_files")].join(" ")} ;;`;
  })
  .join("\n")}
  esac
}
if [ "$funcstack[1]" = _slipway ]; then _slipway "$@"; else compdef _slipway slipway; fi
`,
  fish: (commands) =>
    `# slipway's completion for fish\n${commands
      .flatMap(({ name, short, flags, words }) => [
        `complete -c slipway -n __fish_use_subcommand -f -a ${name} -d ${quoted(short)}`,
        ...(words.length === 0
          ? []
          : [`complete -c slipway -n ${quoted(`__fish_seen_subcommand_from ${name}`)} -a ${quoted(words.join(" "))}`]),
        ...flags.map(({ long, short: letter, description, takes }) => {
          const values = VALUES[long];
          const value = !takes ? "" : values === undefined ? " -r" : ` -x -a ${quoted(values.join(" "))}`;
          const one = letter === null ? "" : ` -s ${letter}`;
          return `complete -c slipway -n ${quoted(`__fish_seen_subcommand_from ${name}`)} -l ${long.slice(2)}${one}${value} -d ${quoted(description)}`;
        }),
      ])
      .join("\n")}\n`,
};

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
