import { StatusError } from "./cli-errors.ts";
import { argument, defineCommand } from "./command.ts";

/** Each script asks `docker __complete WORDS…` and falls back to file names where that knows nothing. */
const SCRIPTS: Readonly<Record<string, string>> = {
  bash: `# bash completion of docker: source <(docker completion bash)
_docker() {
  # Bash breaks words at colons and equals signs, which names of images and filters have: blanks alone count here.
  local typed="\${COMP_LINE:0:COMP_POINT}" words line
  read -ra words <<<"$typed"
  [[ $typed == *[[:blank:]] ]] && words+=("")
  local current="\${words[-1]}"
  # What stands before the last such sign is not replaced.
  local kept="\${current%"\${current##*[:=]}"}"
  [[ $COMP_WORDBREAKS == *:* ]] || kept=
  COMPREPLY=()
  while IFS= read -r line; do
    line="\${line%%$'\\t'*}"
    COMPREPLY+=("\${line#"$kept"}")
  done < <(docker __complete "\${words[@]:1}" 2>/dev/null)
}
complete -o default -F _docker docker
`,
  zsh: `#compdef docker
# zsh completion of docker: source <(docker completion zsh)
_docker() {
  local -a candidates
  local line
  for line in "\${(@f)$(docker __complete "\${(@)words[2,CURRENT]}" 2>/dev/null)}"; do
    [[ -n "$line" ]] || continue
    candidates+=("\${\${line%%$'\\t'*}//:/\\\\:}\${line#\${line%%$'\\t'*}}")
  done
  candidates=("\${(@)candidates/$'\\t'/:}")
  if (( \${#candidates} )); then _describe docker candidates; else _files; fi
}
compdef _docker docker
`,
  fish: `# fish completion of docker: docker completion fish | source
function __docker_complete
  set -l words (commandline -opc) (commandline -ct)
  docker __complete $words[2..-1] 2>/dev/null
end
complete -c docker -e
complete -c docker -a '(__docker_complete)'
`,
};

/** `docker completion SHELL`: a script to source. */
export const command = defineCommand({
  use: "[bash|zsh|fish]",
  long:
    "Generate the autocompletion script for docker for the specified shell.\n" +
    "To load it in the running shell: source <(docker completion bash)",
  flags: {},
  args: { min: 1, max: 1 },
  completes: ["none"],
  run(options, context) {
    const shell = argument(options, 0);
    const script = Object.hasOwn(SCRIPTS, shell) ? SCRIPTS[shell] : undefined;
    if (script === undefined) throw new StatusError(`completion for ${JSON.stringify(shell)} is not there: bash, zsh and fish are`);
    context.stdout.write(script);
    return Promise.resolve(0);
  },
});
