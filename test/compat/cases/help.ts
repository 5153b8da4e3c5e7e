import type { CompatCase } from "../compat-case.ts";

/**
 * The newest words, whatever the daemon's: a client leaves out what its daemon is too old for. What is left out is what `differences.ts`
 * names.
 */
const helpOf = (commands: readonly string[]): string =>
  `export DOCKER_API_VERSION=1.47
${commands.map((command) => `echo "# ${command}"; docker ${command} --help`).join("\n")}`;

/** `--help` of every command, in docker's layout. */
export const help: readonly CompatCase[] = [
  {
    title: "help of what is done to one container",
    script: helpOf(
      "attach commit cp create diff exec export kill logs pause port rename restart rm run start stats stop top unpause update wait".split(
        " ",
      ),
    ),
  },
  {
    title: "help of the commands of groups",
    script: helpOf(
      [
        ["container attach", "container exec", "container inspect", "container ls", "container prune", "container rm", "container run"],
        [
          "context inspect",
          "context ls",
          "context show",
          "context use",
          "image history",
          "image inspect",
          "image prune",
          "image rm",
          "image tag",
        ],
        ["network connect", "network create", "network disconnect", "network inspect", "network ls", "network prune", "network rm"],
        ["system df", "system events", "system info", "system prune", "volume inspect", "volume prune", "volume rm"],
      ].flat(),
    ),
  },
  {
    title: "help of images, of the system, and of groups",
    script: `${helpOf(
      "history import info inspect load login logout ps pull push rmi save search tag version events container image network system".split(
        " ",
      ),
    )}
docker help ps; docker help network ls; docker ps -h; docker network; echo "exit $?"; docker help nosuch; echo "exit $?"; docker network nosuch; echo "exit $?"; docker nosuch; echo "exit $?"; docker --help | grep -c -e "^Common Commands:" -e "^Management Commands:" -e "^Global Options:"`,
  },
];
