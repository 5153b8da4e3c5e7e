import type { Command } from "./command.ts";
import { pluginGroup, swarmGroups } from "./swarm-command-table.ts";
import { build, containerActions, imageActions, rmContainer, systemActions } from "./container-command-table.ts";

/** A command's name, its line in the lists, and the file it is in, which is only loaded when it is used: start-up stays short. */
export interface CommandEntry {
  readonly name: string;
  readonly short: string;
  readonly aliases?: readonly string[];
  readonly hidden?: boolean;
  readonly load: () => Promise<{ readonly command: Command }>;
}

/** `docker container …` */
export interface CommandGroup {
  readonly name: string;
  readonly short: string;
  readonly commands: readonly CommandEntry[];
  /** Listed among those of swarms. */
  readonly swarm?: boolean;
}

const completion: CommandEntry = {
  name: "completion",
  short: "Generate the autocompletion script for the specified shell",
  hidden: true,
  load: () => import("./completion.ts"),
};
const history: CommandEntry = { name: "history", short: "Show the history of an image", load: () => import("./history.ts") };
const images: CommandEntry = { name: "images", short: "List images", load: () => import("./images.ts") };
const info: CommandEntry = { name: "info", short: "Display system-wide information", load: () => import("./info.ts") };
const inspect: CommandEntry = {
  name: "inspect",
  short: "Return low-level information on Docker objects",
  load: () => import("./inspect.ts"),
};
const login: CommandEntry = { name: "login", short: "Authenticate to a registry", load: () => import("./login.ts") };
const logout: CommandEntry = { name: "logout", short: "Log out from a registry", load: () => import("./logout.ts") };
const ps: CommandEntry = { name: "ps", short: "List containers", load: () => import("./ps.ts") };
const rmi: CommandEntry = { name: "rmi", short: "Remove one or more images", load: () => import("./rmi.ts") };
const search: CommandEntry = { name: "search", short: "Search Docker Hub for images", load: () => import("./search.ts") };
const tag: CommandEntry = {
  name: "tag",
  short: "Create a tag TARGET_IMAGE that refers to SOURCE_IMAGE",
  load: () => import("./tag.ts"),
};
const version: CommandEntry = { name: "version", short: "Show the Docker version information", load: () => import("./version.ts") };

/** `docker ps` … */
export const commands: readonly CommandEntry[] = [
  ...containerActions,
  ...imageActions,
  ...systemActions,
  completion,
  history,
  images,
  info,
  inspect,
  login,
  logout,
  ps,
  rmi,
  search,
  tag,
  version,
];

/** `docker container ls` … */
export const groups: readonly CommandGroup[] = [
  {
    name: "builder",
    short: "Manage builds",
    commands: [build, { name: "prune", short: "Remove build cache", load: () => import("./builder/prune.ts") }],
  },
  {
    name: "container",
    short: "Manage containers",
    commands: [
      ...containerActions.filter((action) => action !== rmContainer),
      { ...rmContainer, aliases: ["remove"] },
      {
        name: "inspect",
        short: "Display detailed information on one or more containers",
        load: () => import("./container/inspect.ts"),
      },
      { ...ps, name: "ls", aliases: ["list", "ps"] },
      { name: "prune", short: "Remove all stopped containers", load: () => import("./container/prune.ts") },
    ],
  },
  {
    name: "context",
    short: "Manage contexts",
    commands: [
      { name: "ls", short: "List contexts", aliases: ["list"], load: () => import("./context/ls.ts") },
      { name: "inspect", short: "Display detailed information on one or more contexts", load: () => import("./context/inspect.ts") },
      { name: "show", short: "Print the name of the current context", load: () => import("./context/show.ts") },
      { name: "use", short: "Set the current docker context", load: () => import("./context/use.ts") },
      { name: "create", short: "Create a context", load: async () => ({ command: (await import("./context/keep.ts")).create }) },
      {
        name: "export",
        short: "Export a context to a tar archive FILE or a tar stream on STDOUT.",
        load: async () => ({ command: (await import("./context/keep.ts")).exportContext }),
      },
      {
        name: "import",
        short: "Import a context from a tar or zip file",
        load: async () => ({ command: (await import("./context/keep.ts")).importContext }),
      },
      {
        name: "rm",
        short: "Remove one or more contexts",
        aliases: ["remove"],
        load: async () => ({ command: (await import("./context/keep.ts")).rm }),
      },
      { name: "update", short: "Update a context", load: async () => ({ command: (await import("./context/keep.ts")).update }) },
    ],
  },
  {
    name: "image",
    short: "Manage images",
    commands: [
      ...imageActions,
      history,
      { name: "inspect", short: "Display detailed information on one or more images", load: () => import("./image/inspect.ts") },
      { ...images, name: "ls", aliases: ["list"] },
      { name: "prune", short: "Remove unused images", load: () => import("./image/prune.ts") },
      { ...rmi, name: "rm", aliases: ["remove"] },
      tag,
    ],
  },
  {
    name: "network",
    short: "Manage networks",
    commands: [
      { name: "connect", short: "Connect a container to a network", load: () => import("./network/connect.ts") },
      { name: "create", short: "Create a network", load: () => import("./network/create.ts") },
      { name: "disconnect", short: "Disconnect a container from a network", load: () => import("./network/disconnect.ts") },
      { name: "inspect", short: "Display detailed information on one or more networks", load: () => import("./network/inspect.ts") },
      { name: "ls", short: "List networks", aliases: ["list"], load: () => import("./network/ls.ts") },
      { name: "prune", short: "Remove all unused networks", load: () => import("./network/prune.ts") },
      { name: "rm", short: "Remove one or more networks", aliases: ["remove"], load: () => import("./network/rm.ts") },
    ],
  },
  pluginGroup,
  ...swarmGroups.map((group) => ({ ...group, swarm: true })),
  {
    name: "system",
    short: "Manage Docker",
    commands: [
      { name: "df", short: "Show docker disk usage", load: () => import("./system/df.ts") },
      ...systemActions,
      info,
      { name: "prune", short: "Remove unused data", load: () => import("./system/prune.ts") },
    ],
  },
  {
    name: "volume",
    short: "Manage volumes",
    commands: [
      { name: "create", short: "Create a volume", load: () => import("./volume/create.ts") },
      { name: "inspect", short: "Display detailed information on one or more volumes", load: () => import("./volume/inspect.ts") },
      { name: "ls", short: "List volumes", aliases: ["list"], load: () => import("./volume/ls.ts") },
      { name: "prune", short: "Remove unused local volumes", load: () => import("./volume/prune.ts") },
      { name: "rm", short: "Remove one or more volumes", aliases: ["remove"], load: () => import("./volume/rm.ts") },
    ],
  },
];

/** Loads every command's file; each is otherwise loaded when it is used. */
export async function loadCommands(): Promise<void> {
  await Promise.all([...commands, ...groups.flatMap((group) => group.commands)].map(({ load }) => load()));
}
